import { InvalidArgumentError } from 'commander';

/** The range of a number given on the command line, both ends included. */
export interface NumberRange {
  readonly min: number;
  readonly max: number;
  readonly integer?: boolean;
}

/** Makes commander's parser for an option that takes a number in a range. */
export function optionNumber({ min, max, integer = false }: NumberRange): (text: string) => number {
  return (text) => {
    const value = Number(text);
    const fits = text.trim() !== '' && value >= min && value <= max;
    if (!fits || (integer && !Number.isInteger(value))) {
      const kind = integer ? 'A whole number' : 'A number';
      const range = Number.isFinite(max) ? `from ${min} to ${max}` : `of at least ${min}`;
      throw new InvalidArgumentError(`${kind} ${range} was expected.`);
    }
    return value;
  };
}
