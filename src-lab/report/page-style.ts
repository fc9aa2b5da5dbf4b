/** The page's own style: plain, and the same on paper. */
export const PAGE_STYLE = `
  :root { color-scheme: light; }
  * { box-sizing: border-box; }
  body { margin: 0 auto; padding: 32px 28px 48px; max-width: 1140px; background: #fff; color: #14181f;
    font: 14px/1.5 Inter, system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
  h1 { margin: 0 0 4px; font-size: 26px; font-weight: 650; letter-spacing: -0.01em; }
  h2 { margin: 36px 0 10px; padding-bottom: 6px; border-bottom: 1px solid #d9dde4; font-size: 18px; font-weight: 650; }
  p { margin: 6px 0; max-width: 78ch; }
  .lead { color: #4a5361; }
  .note { color: #4a5361; font-size: 13px; }
  .facts { display: flex; flex-wrap: wrap; gap: 10px; margin: 18px 0 4px; padding: 0; list-style: none; }
  .facts li { padding: 8px 14px; border: 1px solid #d9dde4; border-radius: 6px; }
  .facts b { display: block; font-size: 20px; font-weight: 650; font-variant-numeric: tabular-nums; }
  .facts span { color: #4a5361; font-size: 12px; }
  table { width: 100%; border-collapse: collapse; font-size: 12.5px; font-variant-numeric: tabular-nums; }
  th { padding: 5px 8px; text-align: left; font-weight: 600; vertical-align: bottom; }
  td { padding: 4px 8px; border-top: 1px solid #eceff3; white-space: nowrap; }
  td.name { white-space: normal; }
  thead tr:last-child th { border-bottom: 1px solid #14181f; }
  tbody th { padding-top: 14px; color: #4a5361; font-size: 12px; }
  td i { color: #6b7482; font-style: normal; font-size: 11px; }
  td.own { background: #fdf1f8; font-weight: 600; }
  td.own i { font-weight: 400; }
  td.lead-up { color: #0b6b3a; } td.lead-down { color: #a3221c; }
  .plots { display: grid; grid-template-columns: repeat(3, 1fr); gap: 8px 4px; }
  .histograms { grid-template-columns: repeat(2, 1fr); }
  .plots svg { width: 100%; height: auto; }
  .legend { display: flex; flex-wrap: wrap; gap: 4px 20px; margin: 2px 0 8px; padding: 0; list-style: none; font-size: 12.5px; }
  .legend svg { width: 34px; height: 10px; margin-right: 6px; vertical-align: middle; }
  svg text { font-family: inherit; fill: #14181f; }
  .plot-title { font-size: 13px; font-weight: 600; }
  .tick { font-size: 10.5px; } svg .tick { fill: #4a5361; }
  .axis { font-size: 11.5px; } svg .axis { fill: #4a5361; }
  .grid { stroke: #e4e8ee; stroke-width: 1; }
  .chance { stroke: #b4bbc6; stroke-width: 1; stroke-dasharray: 3 3; }
  .base { stroke: #14181f; stroke-width: 1; }
  .benign { fill: #b9c2d0; }
  .threat { fill: none; stroke: #b0146f; stroke-width: 1.8; }
  .level { stroke: #14181f; stroke-width: 1; stroke-dasharray: 4 3; }
  .sheet { display: grid; grid-template-columns: repeat(auto-fill, minmax(232px, 1fr)); gap: 14px; }
  figure { margin: 0; break-inside: avoid; }
  figure img { display: block; width: 100%; height: 220px; object-fit: contain; border: 1px solid #d9dde4; border-radius: 4px; background: #fff; }
  figcaption { margin-top: 4px; font-size: 11.5px; line-height: 1.4; overflow-wrap: anywhere; }
  figcaption span { color: #4a5361; }
  .samples td { padding: 2px 0; border-top: 0; }
  .samples th { width: 130px; vertical-align: middle; font-size: 12px; }
  .samples img { width: calc(16.6% - 6px); max-width: 116px; aspect-ratio: 1; margin-right: 6px; border: 1px solid #d9dde4;
    border-radius: 3px; vertical-align: middle; image-rendering: pixelated; }
  .settings { columns: 3; margin: 0; padding: 0; list-style: none; font-size: 12.5px; }
  .settings li { display: flex; justify-content: space-between; gap: 12px; padding: 2px 0; break-inside: avoid; border-bottom: 1px solid #eceff3; }
  .settings b { font-weight: 600; text-align: right; overflow-wrap: anywhere; }
  .settings span { color: #4a5361; white-space: nowrap; }
  .command { max-width: none; padding: 8px 10px; background: #f5f7fa; border-radius: 4px; font: 11.5px/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
  @page { size: A4; margin: 14mm; }
  @media print { body { max-width: none; padding: 0; } h2 { break-after: avoid; }
    table { font-size: 9.5px; } td, th { padding: 2px 4px; } td i { font-size: 8.5px; }
    tr, svg { break-inside: avoid; } figure img { height: 180px; } * { print-color-adjust: exact; } }
`;
