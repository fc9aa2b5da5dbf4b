import type { Box } from '../../../src-shared/domain/screening-outcome';
import type { NumberedRegion, ScoredPresentedView } from '../finding';
import { heatRaster } from '../heat-raster';
import type { Size } from '../viewpoint';
import { scaleAffine, type Affine } from './affine';
import { alarmArea, type AlarmArea } from './alarm-area';
import { contourLines } from './contour-lines';
import { drawnMap } from './drawn-map';
import type {
  Contour,
  Heat,
  OverlayDescription,
  OverlayMode,
  PaneOverlay,
} from './overlay-description';

/** Where a view lies on the stage, in CSS pixels. */
export interface OverlayPane {
  readonly viewIndex: number;
  readonly place: Box;
  readonly toStage: Affine;
}

/** What of a view's finding takes time to make; made once a bag and φ. */
export interface ViewFinding {
  readonly viewIndex: number;
  readonly view: Box;
  readonly heat: Omit<Heat, 'opacity'>;
  readonly area: AlarmArea;
  readonly contours: readonly Contour[];
  readonly opaque: readonly Box[];
}

export interface OverlaySettings {
  readonly stage: Size;
  readonly pixelRatio: number;
  readonly mode: OverlayMode;
  readonly opacity: number;
  readonly selectedNumber: number | null;
  readonly opaqueWord: string;
}

/** Scores whose lines are drawn: the figures on the scale. φ's own is the outline of what alarms. */
const CONTOUR_LEVELS = [0.2, 0.4, 0.6, 0.8] as const;
/** A line as near to φ as this would lie on φ's own. */
const LEAST_APART = 0.04;

/** Prepares a scored view's marks at φ. `wordsOf` writes a score. */
export function viewFinding(
  view: ScoredPresentedView,
  threshold: number,
  wordsOf: (displayScore: number) => string,
): ViewFinding {
  const { widthPx, heightPx } = view;
  const scoreMap = drawnMap(view);
  const levels = CONTOUR_LEVELS.filter((level) => Math.abs(level - threshold) >= LEAST_APART);
  const contours = levels.map((level) => ({
    words: wordsOf(level),
    aboveThreshold: level > threshold,
    paths: contourLines(scoreMap, level),
  }));
  return {
    viewIndex: view.viewIndex,
    view: { x: 0, y: 0, width: widthPx, height: heightPx },
    heat: {
      raster: heatRaster(scoreMap),
      covers: {
        x: 0,
        y: 0,
        width: scoreMap.columns * scoreMap.cellPx,
        height: scoreMap.rows * scoreMap.cellPx,
      },
    },
    area: alarmArea(view.tileScores, threshold),
    contours: contours.filter(({ paths }) => paths.length > 0),
    opaque: view.opaque,
  };
}

/** The overlay that the viewer's state asks for, in device pixels. */
export function describeOverlay(
  settings: OverlaySettings,
  panes: readonly OverlayPane[],
  findings: readonly ViewFinding[],
  regions: readonly NumberedRegion[],
): OverlayDescription {
  const { stage, pixelRatio } = settings;
  return {
    widthPx: Math.round(stage.width * pixelRatio),
    heightPx: Math.round(stage.height * pixelRatio),
    pixelRatio,
    panes: panes.flatMap((pane) => {
      const finding = findings.find(({ viewIndex }) => viewIndex === pane.viewIndex);
      return finding === undefined ? [] : [describePane(settings, pane, finding, regions)];
    }),
  };
}

function describePane(
  settings: OverlaySettings,
  { viewIndex, place, toStage }: OverlayPane,
  finding: ViewFinding,
  regions: readonly NumberedRegion[],
): PaneOverlay {
  const { pixelRatio, mode, opacity, selectedNumber, opaqueWord } = settings;
  return {
    place: {
      x: place.x * pixelRatio,
      y: place.y * pixelRatio,
      width: place.width * pixelRatio,
      height: place.height * pixelRatio,
    },
    toScreen: scaleAffine(toStage, pixelRatio),
    view: finding.view,
    heat: mode === 'heat' ? { ...finding.heat, opacity } : null,
    area: mode === 'heat' ? null : { ...finding.area, hatched: mode === 'threshold' },
    contours: mode === 'contours' ? finding.contours : [],
    regions: regions
      .filter((entry) => entry.viewIndex === viewIndex)
      .map(({ region, number }) => ({ box: region, number, selected: number === selectedNumber })),
    opaque: finding.opaque,
    opaqueWord,
  };
}
