import { AlwaysOffSampler, AlwaysOnSampler, ParentBasedSampler, type Sampler, TraceIdRatioBasedSampler } from '@opentelemetry/sdk-trace';
import type { TracingSettings } from '../config/tracing.ts';

/** OTEL_TRACES_SAMPLER as OpenTelemetry specifies it: https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/ */
export function samplerOf({ sampler, samplerArgument }: TracingSettings): Sampler {
  const [, parentBased, kind] = /^(parentbased_)?(.*)$/.exec(sampler)!;
  const root = kind === 'always_off' ? new AlwaysOffSampler() : kind === 'traceidratio' ? new TraceIdRatioBasedSampler(samplerArgument) : new AlwaysOnSampler();
  return parentBased ? new ParentBasedSampler({ root }) : root;
}
