// What is derived from a description (describe.h): JSON both ways, validation,
// `key=value` overrides, the schema that help and the page's controls are
// made from.

#ifndef UNNOISE_BASE_CONFIG_H_
#define UNNOISE_BASE_CONFIG_H_

#include <span>
#include <string>
#include <vector>

#include "core/base/describe.h"
#include "core/base/json.h"
#include "core/base/problem.h"

namespace unnoise {

// Every field of `config`, kinds spelled out.
Json ToJson(const Described& config);

// Reads fields over the values that `config` has; absent keys keep theirs,
// except that another kind starts from its own defaults. Returns every problem
// at once: unknown keys (with the nearest known one), wrong types, values out
// of range, then what Validate() finds. On problems `config` is left in a
// valid-to-destroy but otherwise unspecified state.
Problems FromJson(const Json& json, Described& config);

// Applies `key=value` words to experiment JSON. Keys are dotted; a value is
// JSON or, failing that, a bare word. Where the key holds a kind in `schema`
// form, `x=v` is short for `x.kind=v` and drops the fields of the old kind.
// Problems name the word.
Problems ApplyOverrides(std::span<const std::string> words,
                        const Described& defaults, Json& json);

// The shortest list of `key=value` words that turns the defaults into
// `config`, in the order of the description; kinds first, then their fields.
// `fresh` holds the defaults.
std::vector<std::string> OverridesOf(const Described& config,
                                     const Described& fresh);

// The description itself as JSON, an array in order; each entry has name,
// path, type (int, real, bool, text, option, numbers, section, kind), help,
// and where they apply default, min, max, scale, unit, source, options, rank,
// fields (of a section), kinds [{name, title, help, fields}] (of a kind; with
// inline true where their fields' paths stand beside the name).
Json SchemaOf(const Described& config);

}  // namespace unnoise

#endif  // UNNOISE_BASE_CONFIG_H_
