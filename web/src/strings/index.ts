// The texts of the training page, and of what pages share, by their keys. A page
// with texts of its own has a catalogue beside this one, so that no page loads
// another's. Names and help of experiment fields come from the core's
// description instead.

import { textsOf } from './catalogue';
import english from './en.json';

export { number } from './catalogue';
export type Key = keyof typeof english;

export const t = textsOf<Key>(english);
