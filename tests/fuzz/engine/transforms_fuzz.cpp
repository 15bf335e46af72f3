// What an invertible conversion takes over comes back as something that goes over as the same.
#include "engine/values/transform.hpp"
#include "tests/fuzz/engine/types.hpp"

using namespace dovetail;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size < 2) return 0;
  const Transform& transform = transforms()[bytes[0] % transforms().size()];
  CheckContext context = test::context();
  context.region = (bytes[1] & 1U) != 0 ? "NO" : "SE";
  const std::string text(reinterpret_cast<const char*>(bytes) + 2, size - 2);
  const std::size_t middle = text.size() / 2;
  std::vector<std::string_view> in = {text};
  if (transform.hub_arity == 2) in = {std::string_view(text).substr(0, middle), std::string_view(text).substr(middle)};
  const std::vector<std::string> arguments(transform.arguments, "8");
  Texts there;
  if (!transform.forward(in, arguments, context, there)) return 0;
  fuzz::demand(there.size() == transform.provider_arity);
  if (transform.backward == nullptr) return 0;
  Texts back;
  const std::vector<std::string_view> made(there.begin(), there.end());
  fuzz::demand(transform.backward(made, arguments, context, back) && back.size() == transform.hub_arity);
  Texts again;
  const std::vector<std::string_view> returned(back.begin(), back.end());
  fuzz::demand(transform.forward(returned, arguments, context, again) && again == there);
  return 0;
}
