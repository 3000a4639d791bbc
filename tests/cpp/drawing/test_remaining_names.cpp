// What is left of a model's names, against sums over all of them.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "check.hpp"
#include "dinorc/drawing/name_conditions.hpp"
#include "dinorc/drawing/remaining_names.hpp"
#include "made_up_conditions.hpp"

namespace dinorc::check {
namespace {

using Node = RemainingNames::Node;
using Visit = RemainingNames::Visit;

constexpr std::size_t vocabulary_size = 4;
constexpr std::size_t longest = 4;

// A model of names, and which of them are wanted. Probabilities are made up from the letters before; some are
// zero, and some so small that they are lost beside others.
class World {
 public:
  explicit World(NameAutomaton automaton) : conditions_(std::move(automaton), {}, 0, longest) {}

  const NameConditions& conditions() const { return conditions_; }

  double probability(const Name& letters, CharacterId character) const {
    std::uint64_t seed = 17;
    for (const CharacterId letter : letters) seed = seed * 31 + static_cast<std::uint64_t>(letter);
    MadeUpNumbers numbers(seed);
    std::vector<double> weights(vocabulary_size);
    double sum = 0.0;
    for (double& weight : weights) {
      weight = 1.0 + numbers.number<double>();
      const std::size_t kind = numbers.below(12);
      if (kind < 2) weight *= kind == 0 ? 0.0 : 1e-17;
      sum += weight;
    }
    if (sum == 0.0) weights[0] = sum = 1.0;
    return weights[static_cast<std::size_t>(character)] / sum;
  }

  // Whether a wanted name that is possible begins with the letters and the character, or is that.
  bool is_possible(const Name& letters, CharacterId character) const {
    NameConditions::State state = NameConditions::first_state;
    for (std::size_t i = 0; i < letters.size(); ++i) state = conditions_.after(state, letters[i], i);
    return probability(letters, character) > 0.0 &&
           (character == end_of_name
                ? conditions_.may_end(state, letters.size())
                : conditions_.after(state, character, letters.size()) != NameConditions::no_state);
  }

  // All wanted names that are possible.
  std::vector<Name> names() const {
    std::vector<Name> names = wanted_names(conditions_);
    std::erase_if(names, [this](const Name& name) {
      Name letters;
      for (const CharacterId character : name) {
        if (!(probability(letters, character) > 0.0)) return true;
        letters.push_back(character);
      }
      return false;
    });
    return names;
  }

 private:
  NameConditions conditions_;
};

// What a round has seen: names as far as they were drawn, and which whole ones are to be taken out.
struct Block {
  std::set<Name> prefixes;  // with all that they begin with
  std::vector<Name> taken_out;

  void see(const Name& letters) {
    for (std::size_t length = 0; length <= letters.size(); ++length) {
      prefixes.emplace(letters.begin(), letters.begin() + static_cast<std::ptrdiff_t>(length));
    }
  }
};

Node node_of(const RemainingNames& remaining, const Name& letters) {
  Node node = RemainingNames::root;
  for (const CharacterId letter : letters) {
    Node next = RemainingNames::none;
    remaining.for_each_child(node, [&](const RemainingNames::Child& child) {
      if (child.character == letter) next = child.node;
    });
    if (next == RemainingNames::none) return next;
    node = next;
  }
  return node;
}

struct Visits {
  std::vector<Visit> visits;
  std::vector<std::uint32_t> ends;
};

// As a sampler makes them. Siblings come in either order.
Visits visits_of(const World& world, const RemainingNames& remaining, const Block& block, bool is_reversed) {
  std::vector<Name> order(block.prefixes.begin(), block.prefixes.end());
  if (is_reversed) std::reverse(order.begin(), order.end());
  std::stable_sort(order.begin(), order.end(),
                   [](const Name& a, const Name& b) { return a.size() < b.size(); });
  std::map<Name, std::uint32_t> places;
  Visits result;
  for (const Name& prefix : order) {
    places.emplace(prefix, static_cast<std::uint32_t>(result.visits.size()));
    Visit visit{
        0, no_character, node_of(remaining, prefix), 1.0, world.probability(prefix, end_of_name), {0.0, 0}};
    if (!prefix.empty()) {
      const Name parent(prefix.begin(), prefix.end() - 1);
      visit.parent = places.at(parent);
      visit.character = prefix.back();
      visit.share = world.probability(parent, prefix.back());
    }
    for (CharacterId character = 0; character < static_cast<CharacterId>(vocabulary_size); ++character) {
      bool is_in_tree =
          character == end_of_name && visit.node != RemainingNames::none && remaining.end_is_out(visit.node);
      if (visit.node != RemainingNames::none) {
        remaining.for_each_child(visit.node, [&](const RemainingNames::Child& child) {
          is_in_tree = is_in_tree || child.character == character;
        });
      }
      if (is_in_tree || !world.is_possible(prefix, character)) continue;
      visit.rest.share += world.probability(prefix, character);
      ++visit.rest.ways;
    }
    result.visits.push_back(visit);
  }
  for (const Name& name : block.taken_out)
    result.ends.push_back(places.at(Name(name.begin(), name.end() - 1)));
  return result;
}

void add_round(const World& world, RemainingNames& remaining, const std::vector<Block>& blocks,
               bool is_reversed) {
  std::vector<Visits> all;  // all of them of the tree before
  for (const Block& block : blocks) all.push_back(visits_of(world, remaining, block, is_reversed));
  if (is_reversed) std::reverse(all.begin(), all.end());
  for (const Visits& each : all) remaining.add(each.visits, each.ends);
  remaining.settle();
}

// What has been seen so far, over all rounds, in the plainest form.
struct Seen {
  std::set<Name> prefixes;
  std::set<Name> taken_out;

  void see(const Block& block) {
    prefixes.insert(block.prefixes.begin(), block.prefixes.end());
    taken_out.insert(block.taken_out.begin(), block.taken_out.end());
  }

  double left(const World& world, Name letters) const {
    if (!prefixes.contains(letters)) return 1.0;
    double sum = 0.0;
    for (CharacterId character = 0; character < static_cast<CharacterId>(vocabulary_size); ++character) {
      if (!world.is_possible(letters, character)) continue;
      const double probability = world.probability(letters, character);
      letters.push_back(character);
      const bool is_out = character == end_of_name && taken_out.contains(letters);
      if (!is_out) sum += probability * (character == end_of_name ? 1.0 : left(world, letters));
      letters.pop_back();
    }
    return sum;
  }
};

using Shares = std::map<Name, double>;

// By prefix, of all that are in the tree.
void collect(const RemainingNames& remaining, Node node, const Name& letters, Shares& shares) {
  CharacterId last = no_character;
  remaining.for_each_child(node, [&](const RemainingNames::Child& child) {
    CHECK(child.character > last);
    last = child.character;
    Name longer = letters;
    longer.push_back(child.character);
    shares.emplace(longer, child.left);
    collect(remaining, child.node, longer, shares);
  });
}

Shares shares_of(const RemainingNames& remaining) {
  Shares shares = {{{}, remaining.left()}};
  collect(remaining, RemainingNames::root, {}, shares);
  return shares;
}

// Some names, of which some are given up half-way and some are taken out, dealt out to blocks.
std::vector<Block> made_up_round(const std::vector<Name>& names, MadeUpNumbers& numbers, std::size_t count) {
  std::vector<Block> blocks(3);
  for (std::size_t i = 0; i < count; ++i) {
    const Name& name = names[numbers.below(names.size())];
    const Name letters(name.begin(), name.end() - 1);
    Block& block = blocks[numbers.below(blocks.size())];
    const std::size_t kind = numbers.below(4);
    if (kind == 0) {
      block.see({letters.begin(), letters.begin() + static_cast<std::ptrdiff_t>(numbers.below(name.size()))});
    } else {
      block.see(letters);
      if (kind > 1) block.taken_out.push_back(name);
    }
  }
  for (Block& block : blocks) block.see({});
  return blocks;
}

template <typename Function>
void for_each_world(Function&& function) {
  for (const auto& [name, automaton] : usual_automata(vocabulary_size)) {
    const Context context(name);
    const World world(automaton);
    const std::vector<Name> names = world.names();
    if (!names.empty()) function(world, names);
  }
}

TEST("at first all names are left") {
  const RemainingNames remaining;
  CHECK_EQUAL(remaining.left(), 1.0);
  CHECK(!remaining.is_empty());
  CHECK(!remaining.end_is_out(RemainingNames::root));
  CHECK_EQUAL(shares_of(remaining).size(), 1);
}

TEST("what is left is the sum over all names that may still come") {
  for_each_world([](const World& world, const std::vector<Name>& names) {
    MadeUpNumbers numbers(5);
    RemainingNames remaining;
    Seen seen;
    for (std::size_t round = 0; round < 12; ++round) {
      const std::vector<Block> blocks = made_up_round(names, numbers, 1 + 2 * round);
      const std::size_t bytes = remaining.bytes();
      add_round(world, remaining, blocks, round % 2 == 1);
      CHECK(remaining.bytes() >= bytes);
      for (const Block& block : blocks) seen.see(block);
      const Shares shares = shares_of(remaining);
      CHECK_EQUAL(shares.size(), seen.prefixes.size());
      for (const auto& [letters, left] : shares) {
        const Context context("round ", round, ", letters ", shown(letters));
        CHECK_NEAR(left, seen.left(world, letters), 1e-14);
        CHECK(left >= 0.0);
        Name name = letters;
        name.push_back(end_of_name);
        CHECK_EQUAL(remaining.end_is_out(node_of(remaining, letters)), seen.taken_out.contains(name));
      }
    }
  });
}

TEST("the order of what is added makes no difference to the bit") {
  for_each_world([](const World& world, const std::vector<Name>& names) {
    MadeUpNumbers numbers(6);
    RemainingNames in_order, reversed, together;
    for (std::size_t round = 0; round < 12; ++round) {
      const Context context("round ", round);
      const std::vector<Block> blocks = made_up_round(names, numbers, 1 + 2 * round);
      add_round(world, in_order, blocks, false);
      add_round(world, reversed, blocks, true);
      Block all;
      for (const Block& block : blocks) {
        all.prefixes.insert(block.prefixes.begin(), block.prefixes.end());
        all.taken_out.insert(all.taken_out.end(), block.taken_out.begin(), block.taken_out.end());
      }
      add_round(world, together, {all}, round % 3 == 0);
      CHECK(shares_of(in_order) == shares_of(reversed));
      CHECK(shares_of(in_order) == shares_of(together));
    }
  });
}

// What letters may be followed by, as long as names can still come of it: some of that never ends.
void see_all(const World& world, const Name& letters, Block& block) {
  block.see(letters);
  for (CharacterId letter = 1; letter < static_cast<CharacterId>(vocabulary_size); ++letter) {
    if (!world.is_possible(letters, letter)) continue;
    Name longer = letters;
    longer.push_back(letter);
    see_all(world, longer, block);
  }
}

TEST("once all names are taken out, nothing is left, and that exactly") {
  for_each_world([](const World& world, std::vector<Name> names) {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
      MadeUpNumbers numbers(seed);
      for (std::size_t i = names.size() - 1; i > 0; --i) std::swap(names[i], names[numbers.below(i + 1)]);
      RemainingNames remaining;
      for (std::size_t i = 0; i < names.size();) {
        CHECK(!remaining.is_empty());
        Block block;
        for (std::size_t count = numbers.below(9) + 1; count > 0 && i < names.size(); --count, ++i) {
          block.see({names[i].begin(), names[i].end() - 1});
          block.taken_out.push_back(names[i]);
        }
        add_round(world, remaining, {block}, false);
      }
      Block rest;
      see_all(world, {}, rest);
      add_round(world, remaining, {rest}, false);
      CHECK(remaining.is_empty());
      for (const auto& [letters, left] : shares_of(remaining)) {
        const Context context("letters ", shown(letters));
        CHECK_SAME_BITS(left, 0.0);
      }
    }
  });
}

// Beside one half, a share of 1e-20 is lost; the next visit has it.
TEST("a share that is lost in rounding is left all the same") {
  RemainingNames remaining;
  const Visit root{0, no_character, RemainingNames::none, 1.0, 0.5, {0.5 + 0.5 + 1e-20, 3}};
  const std::vector<std::uint32_t> ends = {0, 1};
  remaining.add(std::vector<Visit>{root, {0, 1, RemainingNames::none, 0.5, 1.0, {1.0, 1}}}, ends);
  remaining.settle();
  CHECK(!remaining.is_empty());
  CHECK(remaining.left() < 1e-15);
  const Visit again{0, no_character, RemainingNames::root, 1.0, 0.5, {1e-20, 1}};
  remaining.add(std::vector<Visit>{again}, {});
  remaining.settle();
  CHECK_EQUAL(remaining.left(), 1e-20);
  remaining.add(std::vector<Visit>{again, {0, 2, RemainingNames::none, 1e-20, 1.0, {1.0, 1}}},
                std::vector<std::uint32_t>{1});
  remaining.settle();
  CHECK(remaining.is_empty());
}

}  // namespace
}  // namespace dinorc::check
