/** Text as it may stand in HTML and SVG, between tags and in attributes. */
export function htmlText(text: string): string {
  return text.replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`);
}
