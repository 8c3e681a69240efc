// The command line: words in, an exit code out.

#ifndef UNNOISE_CLI_CLI_H_
#define UNNOISE_CLI_CLI_H_

#include <string>
#include <vector>

#include "core/cli/command.h"

namespace unnoise {

// Runs `unnoise ARGUMENTS...`. Every failure ends here: its problems are
// printed to context.err and its code is returned; nothing is thrown.
int RunCli(const std::vector<std::string>& arguments, Context& context);

}  // namespace unnoise

#endif  // UNNOISE_CLI_CLI_H_
