// The program `unnoise`. Everything but the surroundings is in the library.

#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string_view>

#include "core/cli/cli.h"

int main(int argc, char** argv) {
  const char* terminal = std::getenv("TERM");
  unnoise::Context context{
      .files = unnoise::PosixFiles(),
      .out = std::cout,
      .err = std::cerr,
      .err_is_terminal = isatty(STDERR_FILENO) && terminal &&
                         std::string_view(terminal) != "dumb",
      .seconds =
          [] {
            return std::chrono::duration<double>(
                       std::chrono::steady_clock::now().time_since_epoch())
                .count();
          },
      .memory = sysconf(_SC_PHYS_PAGES) * int64_t{sysconf(_SC_PAGESIZE)}};
  return unnoise::RunCli({argv + (argc > 0), argv + argc}, context);
}
