// The exact denoiser of a known law, in the place of a model.

#ifndef UNNOISE_FAMILY_EXACT_H_
#define UNNOISE_FAMILY_EXACT_H_

#include "core/family/family.h"

namespace unnoise {

Row<Family> ExactRow();

}  // namespace unnoise

#endif  // UNNOISE_FAMILY_EXACT_H_
