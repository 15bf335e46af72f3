// The cases that change the system, and put back what they can.
#pragma once

#include "providers/conformance/kit.hpp"

namespace dovetail::providers::conformance {

Verdict written_is_read_back(const Subject& subject);
Verdict clears_clear(const Subject& subject);
Verdict set_once_stays(const Subject& subject);
Verdict same_write_twice_is_one(const Subject& subject);
Verdict lost_answer_of_a_change(const Subject& subject);
Verdict refused_change_changes_nothing(const Subject& subject);
Verdict person_is_added_once(const Subject& subject);
Verdict lost_answer_of_a_creation(const Subject& subject);
Verdict unreadable_answer_of_a_creation(const Subject& subject);

}  // namespace dovetail::providers::conformance
