import { ConfigurationError } from './ConfigurationError.ts';
import type { Variables } from './variables.ts';

const samplers = [
  'always_on', 'always_off', 'traceidratio', 'parentbased_always_on', 'parentbased_always_off', 'parentbased_traceidratio',
] as const;

/** Where traces go is read by OpenTelemetry itself; this is what is left to us. */
export interface TracingSettings {
  sampler: (typeof samplers)[number];
  /** 0 to 1: the share of traces that traceidratio keeps */
  samplerArgument: number;
}

/**
 * Variables of OpenTelemetry may be set for every program of a machine: what is wrong in them matters only where traces are wanted.
 * @throws {ConfigurationError}
 */
export function readTracing(values: Variables): TracingSettings | undefined {
  const variable = values.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ? 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT' : 'OTEL_EXPORTER_OTLP_ENDPOINT';
  const endpoint = values[variable];
  if (endpoint === undefined || values.OTEL_SDK_DISABLED?.toLowerCase() === 'true' || values.OTEL_TRACES_EXPORTER === 'none') return undefined;
  if (!/^https?:$/.test(URL.parse(endpoint)?.protocol ?? '')) {
    throw new ConfigurationError(`Set ${variable} to another value: must look like http://127.0.0.1:4318.`);
  }
  if ((values.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL ?? values.OTEL_EXPORTER_OTLP_PROTOCOL) !== 'http/protobuf') {
    throw new ConfigurationError('Set OTEL_EXPORTER_OTLP_TRACES_PROTOCOL to http/protobuf, and the endpoint to where that is listened to (port 4318): traces are exported in no other way.');
  }
  const sampler = samplers.find((name) => name === values.OTEL_TRACES_SAMPLER);
  if (!sampler) throw new ConfigurationError(`Set OTEL_TRACES_SAMPLER to another value: must be one of ${samplers.join(', ')}.`);
  const samplerArgument = Number(values.OTEL_TRACES_SAMPLER_ARG);
  if (!(samplerArgument >= 0 && samplerArgument <= 1)) throw new ConfigurationError('Set OTEL_TRACES_SAMPLER_ARG to another value: must be a number from 0 to 1.');
  return { sampler, samplerArgument };
}
