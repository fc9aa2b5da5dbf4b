/**
 * Names the pictures that the simulator makes: the same version, seed and index give the same
 * counts, bit by bit. Every figure measured on simulated bags names it.
 */
export const SIMULATOR_VERSION = '1.0.0';
