-- The record on disk. Numbers that stand for words are listed in codes.rs.

CREATE TABLE dictionaries (          -- what zstd was told to expect
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,              -- text or record
    bytes BLOB NOT NULL
) STRICT;

CREATE TABLE snapshots (             -- bytes by their hash: pages as they came, and the texts of articles
    id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,       -- BLAKE3, 256 bits
    n_bytes INTEGER NOT NULL,        -- unpacked
    dictionary INTEGER NOT NULL,     -- 0: none
    body BLOB NOT NULL               -- one zstd frame
) STRICT;

CREATE TABLE outlets (
    id INTEGER PRIMARY KEY,
    domain TEXT NOT NULL,            -- '' if unknown, so that the pair can be unique
    name TEXT NOT NULL,
    folded TEXT NOT NULL,            -- both, folded: what a filter is compared with
    UNIQUE (domain, name)
) STRICT;

CREATE TABLE articles (
    id INTEGER PRIMARY KEY,          -- day of publication, then bits of the hash: newest first is descending
    hash BLOB NOT NULL UNIQUE,       -- article.id, 128 bits
    url TEXT,
    outlet INTEGER,
    title TEXT,
    published TEXT,
    modified TEXT,
    seen TEXT,                       -- when it was fetched
    language TEXT,
    page INTEGER,                    -- snapshot of the page as it came
    text INTEGER NOT NULL,           -- snapshot of article.text
    n_statements INTEGER NOT NULL
) STRICT;
CREATE INDEX articles_by_url ON articles (url) WHERE url IS NOT NULL;
CREATE INDEX articles_by_outlet ON articles (outlet);

CREATE TABLE records (               -- the document as JSON without its text, spans in bytes, numbers apart: lean.rs
    article INTEGER PRIMARY KEY,
    n_bytes INTEGER NOT NULL,
    dictionary INTEGER NOT NULL,
    body BLOB NOT NULL
) STRICT;

CREATE TABLE names (                 -- each name of an entity once
    id INTEGER PRIMARY KEY,
    hash INTEGER NOT NULL,           -- 32 bits of its BLAKE3, which it is found by: an index of names would take thrice that
    name TEXT NOT NULL
) STRICT;
CREATE INDEX names_by_hash ON names (hash);
CREATE VIRTUAL TABLE names_text USING fts5 (
    name, content = '', columnsize = 0, tokenize = 'unicode61 remove_diacritics 2'
);

CREATE TABLE roles (
    id INTEGER PRIMARY KEY,
    hash INTEGER NOT NULL,           -- as of names
    role TEXT NOT NULL,              -- "foreign minister, Russia"
    folded TEXT NOT NULL
) STRICT;
CREATE INDEX roles_by_hash ON roles (hash);

CREATE TABLE entities (              -- whom and what each document names, and who else takes part in statements
    article INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,        -- its id in the document
    kind INTEGER NOT NULL,
    name INTEGER NOT NULL,           -- names.id
    role INTEGER,                    -- roles.id
    country TEXT,
    named INTEGER NOT NULL,          -- 0 if nothing calls it by a name: "the official"
    n_statements INTEGER NOT NULL,   -- that it spoke, alone or with others
    person INTEGER,                  -- people.id; NULL before it is linked, and if it is of no kind that is
    PRIMARY KEY (article, ordinal)
) STRICT, WITHOUT ROWID;
-- With all that is counted of a person.
CREATE INDEX entities_by_person ON entities (person, article, ordinal, n_statements) WHERE person IS NOT NULL;

CREATE TABLE other_names (           -- what else a document calls an entity, other than by words of its name: "IRS"
    article INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    name INTEGER NOT NULL,           -- names.id
    PRIMARY KEY (article, ordinal, name)
) STRICT, WITHOUT ROWID;

-- People and bodies across documents. These four tables follow from the ones above, from authorities and from decisions:
-- linking writes them anew, block by block.

CREATE TABLE people (
    id INTEGER PRIMARY KEY,          -- in this file alone, and small: each entity has one
    member INTEGER NOT NULL,         -- article << 13 | ordinal of the entity that was named first, which it is called by
    kind INTEGER NOT NULL,
    name TEXT NOT NULL,              -- the usual one
    block TEXT NOT NULL,             -- what alone it is compared with
    country TEXT,
    authority TEXT,                  -- authorities.id
    n_articles INTEGER NOT NULL,
    n_statements INTEGER NOT NULL,
    first TEXT,                      -- days of publication; NULL if no article has one
    last TEXT
) STRICT;
CREATE INDEX people_by_block ON people (block);

CREATE TABLE people_names (          -- what articles call them
    name INTEGER NOT NULL,           -- names.id
    person INTEGER NOT NULL,
    n_articles INTEGER NOT NULL,
    PRIMARY KEY (name, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX people_names_by_person ON people_names (person);

CREATE TABLE people_roles (          -- their offices, and from when to when they are called so
    person INTEGER NOT NULL,
    role TEXT NOT NULL,              -- "foreign minister, Russia"
    n_articles INTEGER NOT NULL,
    first TEXT,
    last TEXT,
    PRIMARY KEY (person, role)
) STRICT, WITHOUT ROWID;

CREATE TABLE waiting (               -- articles whose entities are not linked yet
    article INTEGER PRIMARY KEY
) STRICT;

CREATE TABLE decisions (             -- what somebody decided about people; rows are never changed nor deleted
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,                -- RFC 3339
    act TEXT NOT NULL,               -- merge split undo
    one TEXT,                        -- a member of the person: article.id and ordinal, "b3:5f0c…/3"
    other TEXT,                      -- merge: a member of the other person
    part TEXT,                       -- split: which members are somebody else, as JSON
    undoes INTEGER,                  -- undo: decisions.id
    words TEXT NOT NULL              -- what was done, for people
) STRICT;

CREATE TABLE authorities (           -- who is who, as a file says that was imported
    id TEXT PRIMARY KEY,             -- "Q58217"
    kind INTEGER,                    -- NULL if the file does not say
    name TEXT NOT NULL,
    description TEXT,
    country TEXT,
    source TEXT NOT NULL             -- wikidata ftm
) STRICT, WITHOUT ROWID;
CREATE TABLE authority_names (       -- labels and aliases
    folded TEXT NOT NULL,
    authority TEXT NOT NULL,
    PRIMARY KEY (folded, authority)
) STRICT, WITHOUT ROWID;

CREATE TABLE statements (
    id INTEGER PRIMARY KEY,          -- article << 13 | 8191 - its id in the document
    speaker INTEGER,                 -- names.id
    role INTEGER,                    -- roles.id
    country TEXT,                    -- the speaker's
    via TEXT,                        -- names of relays, nearest the speaker first, one a line
    jointly TEXT,                    -- names of joint speakers, one a line
    quotation INTEGER NOT NULL,
    act INTEGER NOT NULL,
    channel INTEGER,
    negated INTEGER NOT NULL,
    confidence INTEGER NOT NULL,     -- in thousandths
    spans BLOB NOT NULL              -- content, cue, source: spans.rs; its key follows from them and the article's hash
) STRICT;

CREATE TABLE parts (                 -- who takes which part in a statement
    name INTEGER NOT NULL,           -- names.id
    part INTEGER NOT NULL,           -- 0 speaks, 1 passes it on, 2 is told
    statement INTEGER NOT NULL,
    entity INTEGER,                  -- entities.ordinal; NULL if it is none: "a neighbour"
    PRIMARY KEY (name, part, statement)
) STRICT, WITHOUT ROWID;

-- Nothing is ever taken out of the two indexes. Statements are much of one length: theirs are not kept, for half a
-- million rows, and ranking goes by the words alone.
CREATE VIRTUAL TABLE statements_text USING fts5 (
    content, content = '', columnsize = 0, tokenize = 'unicode61 remove_diacritics 2'
);
CREATE VIRTUAL TABLE articles_text USING fts5 (
    text, content = '', tokenize = 'unicode61 remove_diacritics 2'
);

CREATE TABLE times (                 -- expressions of time that stand for calendar days
    article INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    value TEXT,                      -- TIMEX3; NULL if it is just the first day
    first INTEGER NOT NULL,          -- in days since 1970-01-01: date(first * 86400, 'unixepoch')
    n_days INTEGER NOT NULL,
    PRIMARY KEY (article, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE events (
    article INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    kind TEXT NOT NULL,
    mode TEXT,
    status INTEGER NOT NULL,
    time INTEGER,                    -- times.ordinal
    country TEXT,                    -- of the place
    asserted_by INTEGER,             -- statements.id
    PRIMARY KEY (article, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE positions (
    article INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    party INTEGER NOT NULL,          -- names.id
    issue TEXT NOT NULL,
    stance INTEGER NOT NULL,
    statement INTEGER NOT NULL,      -- statements.id
    PRIMARY KEY (article, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX positions_by_issue ON positions (issue);

CREATE TABLE inputs (                -- raw records that were read, and the article that each gave
    hash BLOB PRIMARY KEY,           -- 128 bits
    article INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE imports (               -- how far each source was read
    source TEXT PRIMARY KEY,
    n_bytes INTEGER NOT NULL,
    modified TEXT NOT NULL,
    hash BLOB,                       -- of the whole file, once it was read to its end
    position INTEGER NOT NULL,       -- records that are done
    finished INTEGER NOT NULL,
    n_added INTEGER NOT NULL,
    n_known INTEGER NOT NULL,
    n_revised INTEGER NOT NULL,
    n_skipped INTEGER NOT NULL,
    n_statements INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE skipped (
    source TEXT NOT NULL,
    position INTEGER NOT NULL,       -- line or byte, as the source counts
    reason TEXT NOT NULL,
    PRIMARY KEY (source, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE fetches (
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL,
    at TEXT NOT NULL,                -- RFC 3339
    status INTEGER,
    etag TEXT,
    last_modified TEXT,
    error TEXT,
    article BLOB                     -- articles.hash
) STRICT;
CREATE INDEX fetches_by_url ON fetches (url, id);
