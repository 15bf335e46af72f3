// As by_hand_nlohmann, for speed: simdjson On-Demand, the whole file in memory, no copies where none are needed.
//   by_hand_simdjson map HUB | reconcile HUB PROVIDER   [checked]
#include <simdjson.h>

#include "tests/bench/peers/task.hpp"

namespace {

using namespace dovetail;
using namespace dovetail::bench;
namespace ondemand = simdjson::ondemand;
using Values = ValuesOf<std::string_view>;

[[noreturn]] void stop(const char* why) {
  std::cerr << "by_hand_simdjson: " << why << '\n';
  std::exit(2);
}

std::string_view text(ondemand::value value) {
  std::string_view found;
  return value.get_string().get(found) == simdjson::SUCCESS ? found : std::string_view();
}

template <typename Take>
void each_member(ondemand::value value, Take take) {
  ondemand::object object;
  if (value.get_object().get(object) != simdjson::SUCCESS) return;
  for (auto field : object) take(std::string_view(field.unescaped_key()), field.value().value());
}

// What stands in {"value": …}.
template <typename Take>
void inner(ondemand::value value, Take take) {
  each_member(value, [&](std::string_view key, ondemand::value within) {
    if (key == "value") take(within);
  });
}

std::string_view inner_text(ondemand::value value) {
  std::string_view found;
  inner(value, [&](ondemand::value within) { found = text(within); });
  return found;
}

template <typename Take>
void each_element(ondemand::value value, Take take) {
  ondemand::array array;
  if (value.get_array().get(array) != simdjson::SUCCESS) return;
  for (auto element : array) take(element.value());
}

// The first day of the earliest, the rest of the latest.
struct Periods {
  struct One {
    std::string_view start, end, probation_end, title;
  };
  One last;
  std::string_view first_start;
  bool any = false;

  void add(const One& one) {
    if (first_start.empty() || one.start < first_start) first_start = one.start;
    const auto end = [](const One& of) { return of.end.empty() ? std::string_view("9999-99-99") : of.end; };
    if (!any || std::pair(end(one), one.start) > std::pair(end(last), last.start)) last = one;
    any = true;
  }
  void put(Values& v) const {
    v[15] = first_start;
    v[16] = last.title;
    v[17] = last.probation_end;
    v[18] = last.end;
  }
};

Periods::One position(ondemand::value value) {
  Periods::One one;
  each_member(value, [&](std::string_view key, ondemand::value member) {
    if (key == "contractStartDate") one.start = inner_text(member);
    if (key == "contractEndDate") one.end = inner_text(member);
    if (key == "probationEndDate") one.probation_end = inner_text(member);
    if (key == "title") {
      inner(member, [&](ondemand::value title) {
        each_member(title, [&](std::string_view name, ondemand::value within) {
          if (name == "name") one.title = text(within);
        });
      });
    }
  });
  return one;
}

Periods::One period(ondemand::value value) {
  Periods::One one;
  each_member(value, [&](std::string_view key, ondemand::value member) {
    if (key == "startdate") one.start = text(member);
    if (key == "enddate") one.end = text(member);
    if (key == "probationenddate") one.probation_end = text(member);
    if (key == "profession") one.title = text(member);
  });
  return one;
}

void identifications(ondemand::value value, std::string_view& national) {
  inner(value, [&](ondemand::value list) {
    each_element(list, [&](ondemand::value element) {
      std::string_view type, country, number;
      each_member(element, [&](std::string_view key, ondemand::value member) {
        if (key == "type") type = text(member);
        if (key == "country") country = text(member);
        if (key == "value") number = text(member);
      });
      if (type == "national" && country == "FI") national = number;
    });
  });
}

// `room` holds what is not as it stands in the file.
void hub_member(std::string_view key, ondemand::value member, Values& v, Periods& periods, std::string& room) {
  if (key == "givenName") {
    v[2] = inner_text(member);
  } else if (key == "familyName") {
    v[3] = inner_text(member);
  } else if (key == "email") {
    room = mail(std::string(inner_text(member)));
    v[0] = room;
  } else if (key == "phone") {
    v[4] = inner_text(member);
  } else if (key == "birthDate") {
    v[5] = inner_text(member);
  } else if (key == "gender") {
    const std::string_view gender = inner_text(member);
    v[7] = gender == "Male" ? "male" : gender == "Female" ? "female" : gender;
  } else if (key == "nationality") {
    v[6] = inner_text(member);
  } else if (key == "employmentId") {
    v[14] = inner_text(member);
  } else if (key == "identifications") {
    identifications(member, v[1]);
  } else if (key == "positions") {
    each_element(member, [&](ondemand::value element) { periods.add(position(element)); });
  } else if (key == "homeAddress") {
    inner(member, [&](ondemand::value address) {
      each_member(address, [&](std::string_view name, ondemand::value within) {
        if (name == "line1") v[8] = text(within);
        if (name == "city") v[9] = text(within);
        if (name == "postalCode") v[10] = text(within);
        if (name == "country") v[11] = text(within);
      });
    });
  } else if (key == "bankAccount") {
    inner(member, [&](ondemand::value account) {
      each_member(account, [&](std::string_view name, ondemand::value within) {
        if (name == "iban") v[12] = text(within);
        if (name == "bic") v[13] = text(within);
      });
    });
  }
}

Values hub_values(ondemand::object person, std::string& room) {
  Values v;
  Periods periods;
  for (auto field : person) {
    hub_member(std::string_view(field.unescaped_key()), field.value().value(), v, periods, room);
  }
  periods.put(v);
  return v;
}

Values provider_values(ondemand::object employee) {
  Values v;
  Periods periods;
  for (auto field : employee) {
    const std::string_view key(field.unescaped_key());
    if (key == "employeebaseinformation") {
      each_member(field.value().value(), [&](std::string_view name, ondemand::value within) {
        for (std::size_t i = 0; i < first_of_period; ++i) {
          if (name == fields[i].name) v[i] = text(within);
        }
      });
    } else if (key == "employmentperiods") {
      each_element(field.value().value(), [&](ondemand::value element) { periods.add(period(element)); });
    }
  }
  periods.put(v);
  return v;
}

template <typename Take>
void each_record(const char* file, Take take) {
  simdjson::padded_string all;
  if (simdjson::padded_string::load(file).get(all) != simdjson::SUCCESS) stop("cannot read the file");
  ondemand::parser parser;
  ondemand::document_stream documents;
  if (parser.iterate_many(all, std::size_t{1} << 20U).get(documents) != simdjson::SUCCESS) stop("cannot parse");
  for (auto document : documents) {
    ondemand::object record;
    if (document.get_object().get(record) != simdjson::SUCCESS) stop("not an object");
    take(record);
  }
}

class Program {
 public:
  explicit Program(const Checks* checks) : checks_(checks) {}

  void map(const char* hub) const {
    ValuesOf<std::string> sent;
    std::string room, out;
    each_record(hub, [&](ondemand::object person) {
      Values values = hub_values(person, room);
      Invalid invalid{};
      if (checks_ != nullptr) checks_->clean(values, invalid, sent);
      out += '{';
      const bool base = append(values, invalid, 0, first_of_period, "\"employeebaseinformation\":{", "}", out);
      const std::size_t before = out.size();
      if (base) out += ',';
      if (!append(values, invalid, first_of_period, fields.size(), "\"employmentperiods\":[{", "}]", out)) {
        out.resize(before);
      }
      out += "}\n";
      if (out.size() < std::size_t{1} << 18U) return;
      std::cout.write(out.data(), static_cast<std::streamsize>(out.size()));
      out.clear();
    });
    std::cout << out;
  }

  void reconcile(const char* hub, const char* provider) const {
    Reconciler reconciler(checks_);
    std::string room;
    each_record(provider, [&](ondemand::object employee) { reconciler.add_provider(provider_values(employee)); });
    each_record(hub, [&](ondemand::object person) { reconciler.add_hub(hub_values(person, room)); });
    reconciler.print();
  }

 private:
  static bool append(const Values& values, const Invalid& invalid, std::size_t from, std::size_t to,
                     std::string_view opening, std::string_view closing, std::string& out) {
    const std::size_t before = out.size();
    bool any = false;
    out += opening;
    for (std::size_t i = from; i < to; ++i) {
      if (!is_sent(i, values[i], invalid[i])) continue;
      if (any) out += ',';
      any = true;
      out.append("\"").append(fields[i].name).append("\":");
      append_quoted(out, values[i]);
    }
    out += closing;
    if (!any) out.resize(before);
    return any;
  }

  const Checks* checks_;
};

}  // namespace

int main(int count, char** words) { return run<Program>(count, words); }
