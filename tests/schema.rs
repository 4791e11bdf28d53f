//! The schema: a fresh file has exactly what `schema.sql` says, again when it is opened a second time; so has one of each older version, with
//! what it held. `tests/schema/N.sql` are the schemas that were shipped; they never change.

#![expect(clippy::unwrap_used, reason = "a test without its database fails")]

fn shape(db: &rusqlite::Connection) -> Vec<(String, String)> {
    let mut found = db.prepare("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name").unwrap();
    found.query_map([], |r| Ok((r.get(0)?, r.get(1)?))).unwrap().map(Result::unwrap).collect()
}

#[test]
fn an_opened_file_equals_the_schema() {
    let plain = rusqlite::Connection::open_in_memory().unwrap();
    plain.execute_batch(include_str!("../schema.sql")).unwrap();
    let wanted = shape(&plain);
    assert!(wanted.len() > 20, "schema.sql was read");
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("otklik.db");
    for _ in 0..2 {
        drop(otklik::store::Store::open(&path).unwrap());
        assert_eq!(shape(&rusqlite::Connection::open(&path).unwrap()), wanted);
    }
}

#[test]
fn a_file_of_an_older_version_becomes_like_a_fresh_one() {
    let fresh = rusqlite::Connection::open_in_memory().unwrap();
    fresh.execute_batch(include_str!("../schema.sql")).unwrap();
    let wanted = shape(&fresh);
    let shipped = [(1, include_str!("schema/1.sql")), (2, include_str!("schema/2.sql")), (3, include_str!("schema/3.sql")), (4, include_str!("schema/4.sql"))];
    assert_eq!(shipped.len() as i64, otklik::store::schema_version() - 1, "each shipped schema has its file");
    for (version, schema) in shipped {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("otklik.db");
        let old = rusqlite::Connection::open(&path).unwrap();
        old.execute_batch(schema).unwrap();
        old.pragma_update(None, "user_version", version).unwrap();
        old.execute_batch("INSERT INTO meta VALUES ('mode', 'live')").unwrap();
        drop(old);
        for _ in 0..2 {
            let store = otklik::store::Store::open(&path).unwrap();
            assert_eq!(store.meta("mode").unwrap().as_deref(), Some("live"));
            assert!(store.lessons().unwrap().is_empty());
        }
        let moved = rusqlite::Connection::open(&path).unwrap();
        assert_eq!(shape(&moved), wanted, "from version {version}");
        assert_eq!(moved.query_row("PRAGMA user_version", [], |r| r.get::<_, i64>(0)).unwrap(), otklik::store::schema_version());
    }
}
