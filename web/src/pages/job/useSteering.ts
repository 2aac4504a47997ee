import { useState } from 'react';
import { type CombinedError, useMutation } from 'urql';
import { CancelJobDocument, type JobAnswerFragment, PauseJobDocument, ResumeJobDocument } from '../../graphql/graphql.ts';

/** What became of the last thing that was asked of a job: refused in the server's words, or not answered at all. */
export interface Outcome {
  refusals: readonly { message: string }[];
  failure: CombinedError | undefined;
}

export const noOutcome: Outcome = { refusals: [], failure: undefined };

/** Pauses, resumes and cancels a job. */
export function useSteering(id: string) {
  const [pausing, pause] = useMutation(PauseJobDocument);
  const [resuming, resume] = useMutation(ResumeJobDocument);
  const [cancelling, cancel] = useMutation(CancelJobDocument);
  const [outcome, setOutcome] = useState<Outcome>(noOutcome);
  const busy = pausing.fetching || resuming.fetching || cancelling.fetching;

  function show(answer: JobAnswerFragment | undefined, failure: CombinedError | undefined): boolean {
    setOutcome({ refusals: answer?.userErrors ?? [], failure });
    return answer !== undefined && answer.userErrors.length === 0;
  }

  return {
    busy,
    outcome,
    pause: async () => {
      const { data, error } = await pause({ id });
      return show(data?.pauseJob, error);
    },
    resume: async () => {
      const { data, error } = await resume({ id });
      return show(data?.resumeJob, error);
    },
    cancel: async () => {
      const { data, error } = await cancel({ id });
      return show(data?.cancelJob, error);
    },
  };
}
