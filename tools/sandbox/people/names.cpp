#include "tools/sandbox/people/names.hpp"

namespace dovetail::sandbox {

namespace {

using Text = std::string_view;
using City = std::pair<std::string_view, std::string_view>;

constexpr Text fi_women[] = {"Aino",  "Eeva",   "Helmi", "Iida",  "Kaisa", "Leena", "Minna", "Noora",
                             "Päivi", "Riikka", "Sanna", "Tuuli", "Venla", "Anni",  "Elina", "Hanna-Mari"};
constexpr Text fi_men[] = {"Aleksi", "Eero", "Heikki", "Ilkka", "Jukka", "Kalle", "Lauri", "Matti",
                           "Niilo",  "Olli", "Pekka",  "Risto", "Sampo", "Topi",  "Väinö", "Jyrki"};
constexpr Text fi_families[] = {"Virta",   "Korpi",  "Lahti", "Mäkelä",     "Niemi",    "Ojala",
                                "Peltola", "Rinne",  "Salo",  "Tuomi",      "Vainio",   "Harju",
                                "Järvi",   "Kallio", "Lehto", "Hämäläinen", "Åkerlund", "Saarinen"};
constexpr Text fi_streets[] = {"Rantatie", "Koivukuja", "Mäntypolku", "Asemakatu", "Kirkkotie", "Satamakatu"};
constexpr City fi_cities[] = {{"90100", "Oulu"},     {"33100", "Tampere"}, {"20100", "Turku"},
                              {"00100", "Helsinki"}, {"70100", "Kuopio"},  {"40100", "Jyväskylä"}};

constexpr Text no_women[] = {"Kari",  "Ingrid", "Solveig", "Astrid", "Marit", "Randi", "Åse",
                             "Bjørg", "Sigrid", "Tone",    "Hege",   "Nina",  "Silje", "Anne-Lise"};
constexpr Text no_men[] = {"Ola",  "Bjørn",  "Erik",   "Geir", "Håkon", "Jens",  "Knut",
                           "Lars", "Magnus", "Øyvind", "Per",  "Rune",  "Svein", "Tor"};
constexpr Text no_families[] = {"Berg",    "Dahl",   "Eide",   "Fjell", "Haugen",  "Lie",   "Moen",   "Nes",
                                "Solberg", "Strand", "Tangen", "Vik",   "Ødegård", "Bakke", "Sæther", "Næss"};
constexpr Text no_streets[] = {"Storgata", "Kirkeveien", "Bryggen", "Fjellveien", "Skolegata", "Åsveien"};
constexpr City no_cities[] = {{"0155", "Oslo"},      {"5003", "Bergen"}, {"7011", "Trondheim"},
                              {"4006", "Stavanger"}, {"9008", "Tromsø"}, {"6002", "Ålesund"}};

constexpr Text se_women[] = {"Elsa", "Maja", "Ebba", "Freja", "Karin", "Lovisa", "Märta", "Sofia", "Tuva", "Ylva"};
constexpr Text se_men[] = {"Axel", "Björn", "Emil", "Gustav", "Hugo", "Isak", "Johan", "Nils", "Oskar", "Åke"};
constexpr Text se_families[] = {"Lindgren", "Bergström", "Ek",     "Forsberg", "Hedlund", "Nyström",
                                "Sjöberg",  "Wallin",    "Åström", "Öberg",    "Lundin",  "Holm"};
constexpr Text se_streets[] = {"Storgatan", "Skolvägen", "Björkgatan", "Hamngatan", "Kyrkogatan"};
constexpr City se_cities[] = {
    {"111 20", "Stockholm"}, {"411 04", "Göteborg"}, {"211 20", "Malmö"}, {"753 10", "Uppsala"}, {"903 26", "Umeå"}};

constexpr Text titles[] = {"Developer",    "Accountant",       "Nurse",   "Electrician",    "Sales manager", "Analyst",
                           "Receptionist", "Warehouse worker", "Teacher", "Project manager"};

}  // namespace

const NameLists finnish_names{fi_women, fi_men, fi_families, fi_streets, fi_cities};
const NameLists norwegian_names{no_women, no_men, no_families, no_streets, no_cities};
const NameLists swedish_names{se_women, se_men, se_families, se_streets, se_cities};
const Names job_titles{titles};

}  // namespace dovetail::sandbox
