import { Field, Float, Int, ObjectType } from 'type-graphql';
import { JobStatus, JobType, TargetOutcome } from '../domain/enums.ts';
import { connectionOf } from './connection.ts';
import { DateTime } from './dateTime.ts';
import './enums.ts';
import { Node } from './Node.ts';

@ObjectType({ description: 'How many targets had one outcome.', simpleResolvers: true })
export class OutcomeCount {
  @Field(() => TargetOutcome, { description: 'What became of them.' })
  outcome!: TargetOutcome;

  @Field(() => Int, { description: 'How many.' })
  count!: number;
}

@ObjectType({ description: 'Failures with the same code.', simpleResolvers: true })
export class FailureReason {
  @Field({ description: 'The kind of failure.' })
  code!: string;

  @Field({ description: 'One example.' })
  message!: string;

  @Field(() => Int, { description: 'How many targets failed this way.' })
  count!: number;
}

@ObjectType({ description: 'What a job wrote in one interval.', simpleResolvers: true })
export class JobThroughput {
  @Field(() => DateTime, { description: 'When the interval began.' })
  at!: string;

  @Field(() => Float, { description: 'How long it is; the last one may be shorter than the others.' })
  seconds!: number;

  @Field(() => Int, { description: 'Drafts written, messages sent, or prospects added or changed in it.' })
  written!: number;
}

@ObjectType({ implements: Node, description: 'A long piece of work over many targets.', simpleResolvers: true })
export class Job extends Node {
  @Field(() => JobType, { description: 'What it does.' })
  type!: JobType;

  @Field(() => JobStatus, { description: 'How far it has come.' })
  status!: JobStatus;

  @Field(() => Int, { description: 'The sequence of JobProgress that these numbers belong to: the greater one is newer.' })
  sequence!: number;

  @Field(() => Int, { nullable: true, description: 'How many targets there are; null until it is known.' })
  totalTargets?: number | null;

  @Field(() => Int, { description: 'done + failed + skipped; never shrinks while the job runs.' })
  processed!: number;

  @Field(() => Int, { description: 'Targets that were worked on as asked.' })
  doneCount!: number;

  @Field(() => Int, { description: 'Drafts that it wrote.' })
  draftsCreated!: number;

  @Field(() => Int, { description: 'Targets that failed.' })
  failedCount!: number;

  @Field(() => Int, { description: 'Targets that were left out for a reason that is no failure.' })
  skippedCount!: number;

  @Field(() => Float, { description: 'What a language model has cost it so far, in the currency of the settings; 0 for every other job.' })
  cost!: number;

  @Field({ description: 'True for a dry run: nothing was written.' })
  dryRun!: boolean;

  @Field(() => String, { nullable: true, description: 'Who started it.' })
  createdBy?: string | null;

  @Field(() => Int, { description: '1, and one more for each retry.' })
  attempt!: number;

  @Field(() => String, { nullable: true, description: 'Why it gave up.' })
  error?: string | null;

  @Field(() => DateTime, { description: 'When it was created.' })
  createdAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When a worker first took it.' })
  startedAt?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When it ended.' })
  finishedAt?: Date | null;
}

export const JobConnection = connectionOf(Job, 'Job', 'jobs');

@ObjectType({ implements: Node, description: 'What went wrong with one target.', simpleResolvers: true })
export class JobFailure extends Node {
  @Field(() => Int, { nullable: true, description: '1-based line of an import.' })
  line?: number | null;

  @Field(() => String, { nullable: true, description: 'Column of an import.' })
  column?: string | null;

  @Field(() => String, { nullable: true, description: 'What stood there, at most 200 characters.' })
  value?: string | null;

  @Field(() => Int, { description: 'How often it was tried.' })
  attempts!: number;

  @Field({ description: 'The kind of failure; `retryJob` takes it.' })
  code!: string;

  @Field({ description: 'One sentence for a person.' })
  message!: string;
}

export const JobFailureConnection = connectionOf(JobFailure, 'JobFailure', 'failures');

@ObjectType({ description: 'A worker process that has reported within the last minute.', simpleResolvers: true })
export class Worker {
  @Field({ description: 'Host and process.' })
  name!: string;

  @Field({ description: 'The build that it runs.' })
  version!: string;

  @Field(() => DateTime, { description: 'When it started.' })
  startedAt!: Date;

  @Field(() => DateTime, { description: 'When it last reported.' })
  seenAt!: Date;

  @Field(() => Int, { description: 'Chunks that it is working on.' })
  runningChunks!: number;
}

@ObjectType({ description: 'The state of a job at one moment.', simpleResolvers: true })
export class JobProgress {
  @Field(() => Int, { description: 'Strictly increasing within a job, over reconnects and over every server process.' })
  sequence!: number;

  @Field(() => JobStatus, { description: 'How far the job has come.' })
  status!: JobStatus;

  @Field(() => Int, { nullable: true, description: 'How many targets there are; null until it is known.' })
  totalTargets?: number | null;

  @Field(() => Int, { description: 'done + failed + skipped.' })
  processed!: number;

  @Field(() => Int, { description: 'Drafts written so far.' })
  draftsCreated!: number;

  @Field(() => Int, { description: 'Targets that failed so far.' })
  failedCount!: number;

  @Field(() => Int, { description: 'Targets left out so far.' })
  skippedCount!: number;

  @Field(() => Float, { nullable: true, description: 'Targets a second, lately; null until it is known.' })
  ratePerSecond?: number | null;

  @Field(() => Float, { nullable: true, description: 'Seconds that remain at this rate; null until it is known.' })
  etaSeconds?: number | null;

  @Field(() => DateTime, { description: 'When this was read.' })
  at!: Date;
}
