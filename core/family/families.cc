// The list of families: one line each.

#include "core/family/ddpm.h"
#include "core/family/exact.h"
#include "core/family/family.h"

namespace unnoise {

template <>
std::span<const Row<Family>> Rows<Family>() {
  static const Row<Family> rows[] = {
      DdpmRow(),
      ExactRow(),
  };
  return rows;
}

}  // namespace unnoise
