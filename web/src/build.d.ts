/** Of Outrider, as package.json has it; vite puts it in. */
declare const __VERSION__: string;
