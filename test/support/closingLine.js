/** Ends a run with the one line that scripts read: `N passed, N failed`. A file that did not even load counts as failed. */
export default class ClosingLine {
  onRunComplete(_contexts, { numPassedTests, numFailedTests, numRuntimeErrorTestSuites }) {
    const line = `${numPassedTests} passed, ${numFailedTests + numRuntimeErrorTestSuites} failed`;
    // Jest's own summary comes after the reporters.
    process.once('exit', () => console.log(line));
  }
}
