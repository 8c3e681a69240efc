// Where every failure of a command ends: exceptions become problems on the
// screen and exit codes.

#include <new>
#include <ostream>
#include <system_error>

#include "core/cli/cli.h"

namespace unnoise {
namespace {

int Report(const Failure& failure, Context& context) {
  context.err << ToText(failure.problems) << std::endl;
  return failure.exit_code;
}

int RunGuarded(const std::vector<std::string>& arguments, Context& context) {
  try {
    return Perform(arguments, context);
  } catch (const Failure& failure) {
    return Report(failure, context);
  } catch (const std::system_error& error) {
    return Report(
        {kExitUsage,
         {{"--threads", std::string("the system gave no thread (") +
                            error.what() + "); give a lower number."}}},
        context);
  } catch (const std::bad_alloc&) {
    return Report({kExitUsage,
                   {{"",
                     "there is not enough memory for this; take a smaller "
                     "network, batch or number of samples."}}},
                  context);
  } catch (const std::exception& error) {
    return Report(
        {kExitUsage,
         {{"", std::string("this should not happen (") + error.what() +
                   "); please report it with the command."}}},
        context);
  }
}

}  // namespace

int RunCli(const std::vector<std::string>& arguments, Context& context) {
  const int exit_code = RunGuarded(arguments, context);
  context.out.flush();
  if (exit_code == kExitDone && !context.out) {
    return Report({kExitFile,
                   {{"standard output",
                     "it could not be written; check where "
                     "it goes."}}},
                  context);
  }
  return exit_code;
}

}  // namespace unnoise
