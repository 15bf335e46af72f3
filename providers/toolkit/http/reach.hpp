// Why no connection could be made: the HTTP library says only that there was none.
#pragma once

#include <string>

namespace dovetail::providers {

// "no such host", "nothing listens there", that this process may open no more files, or what the system says
// of another try, which takes a second at most; empty: that one went.
std::string why_out_of_reach(const std::string& host, int port);

}  // namespace dovetail::providers
