/** SOP classes of NEMA IIC 1 that hold a scan as projections. */
export const DICOS_DX_FOR_PRESENTATION = '1.2.840.10008.5.1.4.1.1.501.2.1';
export const DICOS_DX_FOR_PROCESSING = '1.2.840.10008.5.1.4.1.1.501.2.2';
export const DICOS_CT = '1.2.840.10008.5.1.4.1.1.501.1';
export const DICOS_THREAT_DETECTION_REPORT = '1.2.840.10008.5.1.4.1.1.501.3';

/** Tags of NEMA IIC 1 as `ggggeeee`. */
export const LOW_ENERGY_DETECTORS = '40100001';
export const HIGH_ENERGY_DETECTORS = '40100002';
export const DICOS_VERSION = '4010103a';
