/** Thrown where the compiler has shown that no case is left; reached only if types and run time disagree. */
export function missingCaseError(value: never): Error {
  return new Error(`No case for ${JSON.stringify(value)}`);
}
