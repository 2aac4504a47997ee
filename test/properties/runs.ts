/** More of them than a run of all tests has time for: PROPERTY_RUNS=1000 npm test -- test/properties. */
const perPlace = Number(process.env['PROPERTY_RUNS'] ?? 3);

/** The same for everybody, so that what fails fails again; PROPERTY_SEED tries others. */
export const seedOfRun = Number(process.env['PROPERTY_SEED'] ?? 20_261_122);

/** How many values are tried where there are so many places for them. */
export const runsOf = (places: number): number => places * perPlace;

/** Milliseconds for one property: in proportion to its runs. */
export const timeoutMs = 60_000 * Math.max(1, perPlace / 3);
