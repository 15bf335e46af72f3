// A parsed document and the records in it, read and edited by wire paths. One class per wire format.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "engine/error.hpp"
#include "providers/toolkit/wire_path.hpp"

namespace dovetail::providers {

// A record or list element; belongs to its tree, and stays valid until that is destroyed.
struct Node {
  void* at = nullptr;
  explicit operator bool() const { return at != nullptr; }
};

// What stands at a path.
struct Sight {
  enum class Kind : std::uint8_t {
    omitted,    // nothing, nor anything that would say so
    unread,     // what would enclose it is missing, or it stands elsewhere, where nobody looked
    none,       // null, or a wrapper without its value
    text,       // `text` holds it; numbers as they are written
    boolean,    // of JSON; `text` holds which
    composite,  // an object or a list where a text belongs; `text` holds its beginning as written
  };
  Kind kind = Kind::omitted;
  std::string_view text = {};  // valid until the tree is edited or looked at again

  bool is_left_out() const { return kind == Kind::omitted || kind == Kind::unread; }
};

// What to write at a path.
struct Scalar {
  enum class Kind : std::uint8_t { none, text, number, boolean };
  Kind kind = Kind::none;  // what a place that is empty now gets; one that holds a text keeps holding texts
  std::string text = {};
  std::vector<ir::WireAttribute> attributes = {};  // XML: beside a new element
  bool empty_is_none = true;  // Kind::none: an empty text reads as no value; else it is null, or not there at all
};

class Tree {
 public:
  virtual ~Tree() = default;

  virtual std::size_t size() const = 0;  // records
  virtual Node record(std::size_t index) const = 0;

  // An Error where the document has several things at one place.
  virtual Result<Sight> look(Node from, const WirePath& path) const = 0;

  // Appends the list's elements. false: the list is not in the document.
  virtual Result<bool> elements(Node from, const WirePath& path, std::vector<Node>& into) const = 0;

  // "people.json:12:5"
  virtual std::string place(Node node) const = 0;

  // Why the document itself says that these are not all records; empty: it does not.
  virtual std::string shortfall() const = 0;

  // Sets or clears (Scalar::Kind::none), and makes the parents that are missing, in the schema's order.
  virtual Result<void> put(Node from, const WirePath& path, const Scalar& scalar) = 0;

  // Makes the list if need be: with an element more (add_element), or as it is (make_list).
  virtual Result<Node> add_element(Node from, const WirePath& path) = 0;
  virtual Result<void> make_list(Node from, const WirePath& path) = 0;

  // An empty record after the last one.
  virtual Result<Node> add_record() = 0;

  // The document as it is now. What was not edited is as it was.
  virtual std::string text() const = 0;
};

}  // namespace dovetail::providers
