/** Reads values inside an effect that does not use them itself, so that it runs again when they change. */
export function dependOn(...values: readonly unknown[]): number {
  return values.length;
}
