export const samplers = [
  'always_on', 'always_off', 'traceidratio', 'parentbased_always_on', 'parentbased_always_off', 'parentbased_traceidratio',
] as const;

/** Where traces go is read by OpenTelemetry itself; this is what is left to us. */
export interface TracingSettings {
  sampler: (typeof samplers)[number];
  /** 0 to 1: the share of traces that traceidratio keeps */
  samplerArgument: number;
}
