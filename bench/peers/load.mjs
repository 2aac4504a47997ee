// autocannon: asks over many connections as fast as they are answered.
import autocannon from 'autocannon';

export const load = (options) => autocannon({ method: 'POST', ...options });
