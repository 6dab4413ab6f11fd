//! The arrows between the rooms: who may know whom. A new dependency that points the other way fails here.

use serde_json::Value;
use std::{collections::BTreeSet, env, process::Command};

fn cargo(arguments: &[&str]) -> String {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let answer = Command::new(cargo).current_dir(local::files::root()).args(arguments).output().unwrap();
    assert!(answer.status.success(), "{}", String::from_utf8_lossy(&answer.stderr));
    String::from_utf8(answer.stdout).unwrap()
}

/// A crate of ours: its name, the folder of its kind, and those of ours that it names.
struct Room {
    name: String,
    kind: String,
    knows: BTreeSet<String>,
    /// Those that only its tests name.
    tested_with: BTreeSet<String>,
}

fn rooms() -> Vec<Room> {
    let metadata: Value = serde_json::from_str(&cargo(&["metadata", "--no-deps", "--format-version", "1"])).unwrap();
    let root = metadata["workspace_root"].as_str().unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let room = |package: &Value| {
        let place = package["manifest_path"].as_str().unwrap().strip_prefix(root).unwrap().trim_start_matches('/');
        let named = |only_tests: bool| {
            let dependencies = package["dependencies"].as_array().unwrap().iter();
            dependencies
                .filter(|dependency| dependency["path"].is_string() && (dependency["kind"] == "dev") == only_tests)
                .map(|dependency| dependency["name"].as_str().unwrap().to_owned())
                .collect()
        };
        Room {
            name: package["name"].as_str().unwrap().to_owned(),
            kind: place.split('/').next().unwrap().to_owned(),
            // Those for building too.
            knows: named(false),
            tested_with: named(true),
        }
    };
    packages.iter().map(room).collect()
}

/// Whom a room may know; `None` is everybody.
fn may_know(room: &Room, functions: &BTreeSet<String>) -> Option<BTreeSet<String>> {
    let set = |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect());
    match (room.kind.as_str(), room.name.as_str()) {
        ("functions", _) => set(&["pages", "adapters", "documents", "domain"]),
        (_, "pages") => set(&["domain", "adapters"]),
        (_, "adapters" | "documents") => set(&["domain"]),
        ("shared", _) => set(&[]),
        ("infra", _) => {
            let everybody = set(&["pages", "adapters", "documents", "domain", "local", "ce"])?;
            Some(everybody.difference(functions).cloned().collect())
        }
        ("tests", _) => None,
        (kind, name) => panic!("{kind}/{name} is a room that the arrows don't know yet"),
    }
}

#[test]
fn no_room_knows_one_that_it_may_not_know() {
    let rooms = rooms();
    let functions: BTreeSet<String> =
        rooms.iter().filter(|room| room.kind == "functions").map(|room| room.name.clone()).collect();
    assert!(functions.len() >= 2 && rooms.len() >= 9, "the rooms weren't found");
    for room in &rooms {
        if let Some(allowed) = may_know(room, &functions) {
            let wrong: Vec<_> = room.knows.difference(&allowed).collect();
            assert!(wrong.is_empty(), "{} must not know {wrong:?}", room.name);
            // Tests may know who stands in for the world, too, and nobody else.
            let wrong: Vec<_> = room.tested_with.difference(&allowed).filter(|name| *name != "local").collect();
            assert!(wrong.is_empty(), "the tests of {} must not know {wrong:?}", room.name);
        }
    }
}

#[test]
fn every_version_stands_once_in_the_root_manifest() {
    let metadata: Value = serde_json::from_str(&cargo(&["metadata", "--no-deps", "--format-version", "1"])).unwrap();
    for package in metadata["packages"].as_array().unwrap() {
        let manifest = std::fs::read_to_string(package["manifest_path"].as_str().unwrap()).unwrap();
        let sections = manifest.split("\n[").filter(|section| section.contains("dependencies]"));
        let lines = sections.flat_map(str::lines);
        let numbered: Vec<&str> = lines.filter(|line| line.contains("= \"") || line.contains("version =")).collect();
        assert!(numbered.is_empty(), "{}: {numbered:?} should say `workspace = true`", package["name"]);
    }
}

/// The crates that are built into a package on this machine.
fn built_into(package: &str) -> BTreeSet<String> {
    let tree = cargo(&["tree", "--package", package, "--edges", "normal,build", "--prefix", "none", "--format", "{p}"]);
    tree.lines().map(|line| line.split(" (").next().unwrap_or(line).to_owned()).collect()
}

#[test]
fn the_domain_knows_no_network_runtime_or_cloud() {
    let built = built_into("domain");
    assert!(built.iter().any(|name| name.starts_with("jiff ")), "the tree wasn't read");
    for name in &built {
        let banned = ["aws", "tokio", "reqwest", "hyper", "lambda", "async-", "futures", "rand", "getrandom"];
        assert!(!banned.iter().any(|start| name.starts_with(start)), "the domain pulls in {name}");
    }
}

#[test]
fn functions_carry_one_tls_stack() {
    for function in ["portal", "import-roster"] {
        let built = built_into(function);
        let old = built.iter().find(|name| name.starts_with("hyper v0.14") || name.starts_with("rustls v0.21"));
        assert_eq!(old, None, "{function} carries the SDK's old TLS stack: a default feature is on");
    }
}
