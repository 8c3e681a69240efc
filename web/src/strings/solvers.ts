// The texts of the solver laboratory, with those that pages share.

import { textsOf } from './catalogue';
import english from './en.json';
import own from './solvers.json';

export { number } from './catalogue';

const texts = { ...english, ...own };
export const t = textsOf<keyof typeof texts>(texts);
