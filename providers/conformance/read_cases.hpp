// The cases that only read.
#pragma once

#include "providers/conformance/kit.hpp"

namespace dovetail::providers::conformance {

Verdict credentials_work(const Subject& subject);
Verdict listing_is_whole(const Subject& subject);
Verdict list_and_look_up_agree(const Subject& subject);
Verdict nobody_is_absent(const Subject& subject);
Verdict failure_is_not_absence(const Subject& subject);
Verdict listing_does_not_shrink(const Subject& subject);
Verdict rate_limit_is_waited_for(const Subject& subject);
Verdict bursts_are_survived(const Subject& subject);
Verdict tokens_are_renewed(const Subject& subject);
Verdict lost_permission_is_said(const Subject& subject);

}  // namespace dovetail::providers::conformance
