#include "core/family/exact.h"

#include "core/sampling/exact_sampling.h"
#include "core/sampling/world_denoiser.h"

namespace unnoise {
namespace {

class ExactModel final : public Model {
 public:
  ExactModel(const Family& family, const Dataset& data)
      : family_(family), data_(data) {}

  const ParameterList& parameters() const override { return parameters_; }
  Objective* objective() override { return nullptr; }
  std::unique_ptr<Denoiser> MakeDenoiser(const Backend& backend,
                                         std::span<float>) const override {
    return MakeWorldDenoiser(data_.MakeWorld(family_.Units(data_)),
                             family_.path(), backend.pool());
  }

 private:
  const Family& family_;
  const Dataset& data_;
  ParameterList parameters_;
};

struct ExactFamily final : Family {
  Choice<Path> path_choice{"cosine"};
  Choice<Sampler> sampler_choice{"ddim"};

  void Visit(Visitor& visitor) override {
    visitor.Kind(kPathField, path_choice);
    visitor.Kind(kSamplerField, sampler_choice);
  }

  const TrainingConfig* training() const override { return nullptr; }
  const Path& path() const override { return *path_choice; }
  const Choice<Sampler>& sampler() const override { return sampler_choice; }
  Choice<Sampler> FingerprintSampler() const override {
    return Choice<Sampler>("ddim");  // 50 steps, eta = 0: its defaults
  }

  Affine Units(const Dataset& data) const override { return NoUnits(data); }

  void Validate(Problems& problems) const override {
    CheckNoise(path(), problems);
  }

  std::unique_ptr<Model> Open(const Dataset& data) const override {
    return std::make_unique<ExactModel>(*this, data);
  }
};

}  // namespace

Row<Family> ExactRow() {
  return MakeRow<Family, ExactFamily>(
      "exact", "Exact",
      "The truth in the place of a model: the denoiser of the law itself, "
      "which needs no training. Whatever is wrong with its samples is the "
      "sampler's doing.");
}

}  // namespace unnoise
