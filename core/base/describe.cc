// What describe.h leaves to a source file.

#include "core/base/describe.h"

namespace unnoise {

int ChoiceBase::Find(std::string_view name) const {
  for (int i = 0; i < count(); ++i) {
    if (this->name(i) == name) return i;
  }
  return -1;
}

void Show(const Described& config, Visitor& visitor) {
  // Visit is not const, so that one description serves readers and writers;
  // this is the only place that promises, for the writers, to change nothing.
  const_cast<Described&>(config).Visit(visitor);
}

}  // namespace unnoise
