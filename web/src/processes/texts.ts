// The texts of the process laboratory.

import { textsOf } from '../strings/catalogue';
import english from '../strings/processes.json';

export const t = textsOf<keyof typeof english>(english);
