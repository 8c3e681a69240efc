// Denoising diffusion: a network learns which noise was mixed into a point, and
// samplers take it out again. Only its row is public: a family is reached
// through the list.

#ifndef UNNOISE_FAMILY_DDPM_H_
#define UNNOISE_FAMILY_DDPM_H_

#include "core/family/family.h"

namespace unnoise {

// Source: Ho, Jain, Abbeel 2020; continuous time: Kingma et al. 2021.
Row<Family> DdpmRow();

}  // namespace unnoise

#endif  // UNNOISE_FAMILY_DDPM_H_
