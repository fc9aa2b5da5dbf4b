import { z } from 'zod';

/** The newest manifest schema that this program reads. */
export const MANIFEST_SCHEMA_VERSION = 1;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** How much of a training scan's SHA-256 a manifest keeps: enough to tell scans apart. */
export function scanHashOf(sha256OfScan: string): string {
  return sha256OfScan.slice(0, 16);
}

/** GANomaly's shape (GANOMALY.md, Networks): image side, channels, latent size, feature width. */
export const architectureSchema = z.strictObject({
  name: z.literal('ganomaly'),
  isize: z.int().min(32),
  nc: z.int().min(1),
  nz: z.int().min(1),
  ngf: z.int().min(1),
  extraLayers: z.int().min(0),
  /** The discriminator as a dense comparator (see `ComparatorSpec`), where there is one: several
   * of one shape, trained one after the other, whose logits are averaged. */
  comparator: z
    .strictObject({
      width: z.int().min(1),
      depth: z.int().min(2),
      extraBlocks: z.int().min(0),
      members: z.int().min(1),
      /** Whether it sees the reconstruction beside the tile. */
      seesReconstruction: z.boolean(),
    })
    .optional(),
});
export type GanomalyArchitecture = z.infer<typeof architectureSchema>;

/** One scale at which a view is tiled: a factor on the scan's own pixels, or millimetres a pixel. */
export const tilingScaleSchema = z.strictObject({
  scale: z.discriminatedUnion('unit', [
    z.strictObject({ unit: z.literal('factor'), factor: z.number().positive().max(4) }),
    z.strictObject({ unit: z.literal('mm'), mmPerPixel: z.number().positive().max(20) }),
  ]),
  tileSizePx: z.int().min(16),
  stridePx: z.int().min(1),
});
export type TilingScale = z.infer<typeof tilingScaleSchema>;

/** How pixels become the networks' input; the same for every engine. */
export const preprocessingSchema = z.strictObject({
  /** The canonical picture's version: palette, grey transform and resampling belong to it. */
  canonicalPicture: z.literal('phiscan-material-1'),
  /** x = rgb / 127.5 − 1. */
  range: z.literal('minus-one-to-one'),
  /**
   * What the networks see of the picture: its three colours, or the two planes of attenuation
   * that its colours stand for (see attenuation-planes).
   */
  input: z.enum(['rgb', 'attenuation']).optional(),
  /** What a single-energy grey view is screened as. */
  greyTransform: z.literal('grey-as-rgb'),
  /** A pixel holds material when its brightness is under this share of the open beam. */
  materialBelowOpenBeam: z.number().gt(0).lt(1),
  /** Tiles with less than this share of material pixels are skipped. */
  minMaterialShare: z.number().min(0).max(1),
});
export type Preprocessing = z.infer<typeof preprocessingSchema>;

/**
 * Versioned score definitions: `paper` is the L1 sum of z − ẑ, `reference` its mean square; `map`
 * is the maximum of the tile's own anomaly map, joined with its neighbours' (see anomaly-map).
 */
export const scoreDefinitionSchema = z.enum(['paper', 'reference', 'map']);
export type ScoreDefinition = z.infer<typeof scoreDefinitionSchema>;

/** What every scale of the score holds, whatever the method that made it. */
const scaleShape = {
  /** Highest tile score of each held-out benign bag, ascending. */
  bagMaxima: z.array(z.number()).min(20),
  tail: z.strictObject({
    threshold: z.number(),
    exceedanceShare: z.number().gt(0).lt(1),
    shape: z.number(),
    scale: z.number().positive(),
  }),
  /** Scanner kinds that the benign bags came from. */
  scannerKinds: z.array(z.string()).min(1),
  /** What their pixels were: a scale says nothing about pictures of another kind. */
  pixelKinds: z.array(z.enum(['dual-energy', 'single-energy', 'rgb'])).min(1),
  benignSet: z.string(),
};

/** A share of benign bags that a scale says, and the interval in which the true one lies. */
export const shareIntervalSchema = z.strictObject({
  share: z.number().gt(0).max(1),
  low: z.number().min(0).max(1),
  high: z.number().gt(0).max(1),
});
export type ShareInterval = z.infer<typeof shareIntervalSchema>;

export const mapScoreSchema = z.strictObject({
  /** Cells around a cell whose mean it takes, so that area counts. */
  meanRadius: z.int().min(0),
  /** Quarter turns of each tile whose maps are averaged: 1 for none, 4 for all. */
  turns: z.union([z.literal(1), z.literal(4)]),
  /**
   * How the highest score of benign bags grows with the natural logarithm of the area in which it
   * was looked for, and the area, in score squares with material, at which nothing is taken off
   * (see area-correction). Absent where scores stay as the map has them.
   */
  area: z.strictObject({ slope: z.number().min(0), squares: z.number().positive() }).optional(),
});
export type MapScore = z.infer<typeof mapScoreSchema>;

/**
 * The frozen scale of the score: p(a), the estimated share of benign bags whose highest tile
 * reaches anomalyScore a. Up to the tail threshold it is the empirical exceedance of the sorted
 * bag maxima, beyond it a generalised Pareto tail. `empirical-gpd-1` has no interval, and is read
 * only.
 */
export const calibrationSchema = z.discriminatedUnion('method', [
  z.strictObject({ method: z.literal('empirical-gpd-1'), ...scaleShape }),
  z.strictObject({
    method: z.literal('empirical-gpd-2'),
    ...scaleShape,
    /** 95 % intervals of p, by falling share from 1 on; between them, log p is interpolated. */
    intervals: z.array(shareIntervalSchema).min(2),
  }),
]);
export type Calibration = z.infer<typeof calibrationSchema>;

const manifestFieldsSchema = z.strictObject({
  schemaVersion: z.literal(MANIFEST_SCHEMA_VERSION),
  id: z.string().regex(/^[a-z0-9-]+$/),
  createdAt: z.iso.datetime(),
  architecture: architectureSchema,
  preprocessing: preprocessingSchema,
  scales: z.array(tilingScaleSchema).min(1),
  scoreDefinition: scoreDefinitionSchema,
  /** How the score `map` reads the comparator; kept where another score is chosen. */
  mapScore: mapScoreSchema.optional(),
  /** Absent only between training and calibration; a bundle without it can score but never alarm. */
  calibration: calibrationSchema.nullable(),
  training: z.strictObject({
    description: z.string(),
    trainingSet: z.string(),
    /** Start of each training scan's SHA-256, ascending: none of them may calibrate the model. */
    scanHashes: z.array(z.string().regex(/^[0-9a-f]{16}$/)).optional(),
    command: z.string(),
    seed: z.int(),
    patches: z.int().min(0),
    epochs: z.number().min(0),
    /** Every setting that a rerun needs, by option name. */
    settings: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
  }),
  /** Tiles and the outputs expected for them; an engine that disagrees refuses the bundle. */
  parityFile: z.string(),
  parentBundle: z.string().nullable(),
  licence: z.string(),
  /** SHA-256 of every file of the bundle but the manifest, by path inside the bundle. */
  files: z.record(z.string(), sha256),
});

export const manifestSchema = manifestFieldsSchema.superRefine(
  ({ scoreDefinition, architecture, mapScore }, context) => {
    if (scoreDefinition !== 'map') return;
    const needed = { 'architecture.comparator': architecture.comparator, mapScore };
    for (const [name, value] of Object.entries(needed)) {
      if (value !== undefined) continue;
      context.addIssue({ code: 'custom', message: `The score map needs ${name}.`, path: [name] });
    }
  },
);
export type Manifest = z.infer<typeof manifestSchema>;

/** A verified bundle on disk. */
export interface ModelBundle {
  readonly directory: string;
  readonly manifest: Manifest;
}
