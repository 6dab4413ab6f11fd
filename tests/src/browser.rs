//! A headless Chromium, driven as a person would use it.

use crate::{http::ask, manual::HelpPicture};
use base64::{Engine, prelude::BASE64_STANDARD};
use fantoccini::{Client, ClientBuilder, Locator};
use local::demo::DEMO_PASSWORD;
use serde_json::{Map, Value, json};
use std::{
    net::TcpListener,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

/// A browser of one's own. End it with [`Browser::close`]; dropped, it is killed.
pub struct Browser {
    /// What it is driven with.
    pub page: Client,
    driver: Driver,
    address: String,
    _profile: tempfile::TempDir,
}

/// How a browser is to be.
#[derive(Debug, Clone, Copy, Default)]
pub struct Manner {
    /// Pages run no scripts.
    pub no_scripts: bool,
    /// The system's colours are dark.
    pub dark: bool,
    /// As wide as a small phone.
    pub phone: bool,
}

impl Browser {
    /// Starts a browser.
    pub async fn open(manner: Manner) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let driver = Driver::start(port);
        let profile = tempfile::tempdir().unwrap();
        let mut capabilities = Map::new();
        capabilities.insert("goog:chromeOptions".into(), options(manner, profile.path()));
        let address = format!("http://127.0.0.1:{port}");
        for _ in 0..100 {
            tokio::time::sleep(Duration::from_millis(100)).await;
            let session = ClientBuilder::new(connector()).capabilities(capabilities.clone()).connect(&address).await;
            if let Ok(page) = session {
                let (width, height) = if manner.phone { (360, 800) } else { (1100, 900) };
                page.set_window_size(width, height).await.unwrap();
                return Self { page, driver, address, _profile: profile };
            }
        }
        panic!("chromium doesn't start");
    }

    /// Ends the browser.
    pub async fn close(self) {
        let _ = self.page.clone().close().await;
        drop(self.driver);
    }

    /// Opens an address.
    pub async fn go(&self, address: &str) {
        self.page.goto(address).await.unwrap();
    }

    /// Logs in as a demo account, by its username; whoever was logged in is logged out.
    pub async fn log_in(&self, portal: &str, username: &str) {
        self.page.delete_all_cookies().await.unwrap();
        self.log_in_with(portal, username, DEMO_PASSWORD).await;
    }

    /// Logs in with a password.
    pub async fn log_in_with(&self, portal: &str, username: &str, password: &str) {
        self.go(&format!("{portal}/login")).await;
        self.fill("username", username).await;
        self.fill("password", password).await;
        self.press("Log In").await;
        // It leads to that one's first page; who goes elsewhere before it is there is overtaken by it.
        self.wait_to_leave("/login").await;
    }

    /// Waits until the address is another one than this path.
    pub async fn wait_to_leave(&self, path: &str) {
        for _ in 0..100 {
            if self.page.current_url().await.is_ok_and(|address| address.path() != path) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{path} leads nowhere; the page says:\n{}", self.text().await);
    }

    /// Types into the field of this name, over what stands in it.
    pub async fn fill(&self, name: &str, text: &str) {
        local::typed::note(name, text);
        let mut last = String::new();
        for _ in 0..100 {
            match self.page.find(Locator::Css(&format!("[name='{name}']:not([type=hidden])"))).await {
                Ok(field) => match field.clear().await {
                    Ok(()) => match field.send_keys(text).await {
                        Ok(()) => return,
                        Err(error) => last = error.to_string(),
                    },
                    Err(error) => last = error.to_string(),
                },
                Err(error) => last = error.to_string(),
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the field {name} can't be filled: {last}");
    }

    /// What a script finds on the page.
    pub async fn run(&self, script: &str) -> Value {
        self.page.execute(script, vec![]).await.unwrap()
    }

    /// Presses the button with these words.
    pub async fn press(&self, words: &str) {
        let button = format!("//button[normalize-space()='{words}']");
        self.click(Locator::XPath(&button)).await;
    }

    /// Presses the first button whose words begin like this.
    pub async fn press_first(&self, words: &str) {
        let button = format!("//button[starts-with(normalize-space(), '{words}')]");
        self.click(Locator::XPath(&button)).await;
    }

    /// Clicks what is found, as soon as it is there: the page may be on its way, or replaced while it is looked at.
    pub async fn click(&self, what: Locator<'_>) {
        let mut last = String::new();
        for _ in 0..100 {
            match self.page.find(what).await {
                Ok(found) => match found.click().await {
                    Ok(()) => return,
                    Err(error) => last = error.to_string(),
                },
                Err(error) => last = error.to_string(),
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{what:?} can't be clicked: {last}; the page says:\n{}", self.text().await);
    }

    /// Answers every question of the form: the last step of each scale, the first of all other choices, some words.
    pub async fn answer_all(&self) {
        let script = "for (const asked of document.querySelectorAll('fieldset.asked')) {
            const choices = asked.querySelectorAll('input');
            const steps = asked.querySelector('.scale') ? 4 : 0;
            choices[steps].click();
        }
        for (const area of document.querySelectorAll('textarea')) { area.value = 'Clear, calm and useful.'; }";
        self.page.execute(script, vec![]).await.unwrap();
    }

    /// Types where the focus is, as somebody without a mouse does.
    pub async fn keys(&self, keys: &str) {
        self.page.active_element().await.unwrap().send_keys(keys).await.unwrap();
    }

    /// Presses the Tab key until the focus is on what this selector names.
    pub async fn tab_to(&self, selector: &str) {
        let is_there = "return document.activeElement.matches(arguments[0])";
        for _ in 0..MOST_TABS {
            if self.page.execute(is_there, vec![json!(selector)]).await.is_ok_and(|found| found == Value::Bool(true)) {
                return;
            }
            self.keys(TAB).await;
        }
        panic!("no Tab leads to {selector}; the page says:\n{}", self.text().await);
    }

    /// Chooses an option by its value.
    pub async fn select(&self, name: &str, value: &str) {
        let select = self.page.find(Locator::Css(&format!("select[name='{name}']"))).await.unwrap();
        select.select_by_value(value).await.unwrap();
    }

    /// Follows the link with these words.
    pub async fn follow(&self, words: &str) {
        self.click(Locator::LinkText(words)).await;
    }

    /// Chooses a file in the page's file field.
    pub async fn choose_file(&self, path: &Path) {
        let mut last = String::new();
        for _ in 0..100 {
            // The page that is being left may have such a field too: what it says is an error, and the next one is asked.
            let field = self.page.find(Locator::Css("input[type=file]:not([disabled])")).await;
            match field {
                Ok(field) => match field.send_keys(path.to_str().unwrap()).await {
                    Ok(()) => return,
                    Err(error) => last = error.to_string(),
                },
                Err(error) => last = error.to_string(),
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("no file can be chosen: {last}; the page says:\n{}", self.text().await);
    }

    /// What a person reads on the page.
    pub async fn text(&self) -> String {
        match self.page.find(Locator::Css("body")).await {
            Ok(body) => body.text().await.unwrap_or_default(),
            Err(_) => String::new(),
        }
    }

    /// Waits until the page says something, at most a minute.
    pub async fn wait_for(&self, words: &str) -> String {
        for _ in 0..240 {
            // The page may just be replaced: an element of the old one can't be asked.
            if let Ok(body) = self.page.find(Locator::Css("body")).await
                && let Ok(text) = body.text().await
                && text.contains(words)
            {
                return text;
            }
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
        panic!("the page never said {words:?}; it says:\n{}", self.text().await);
    }

    /// Looks at a page once it says something: what a person reads there, and nothing that axe-core objects to.
    pub async fn look(&self, words: &str) -> String {
        let text = self.wait_for(words).await;
        let found = self.violations().await;
        let address = self.page.current_url().await.unwrap();
        assert!(found.is_empty(), "{address}: {found:#?}");
        text
    }

    /// The same, of several words: the first may stand on the page before as well.
    pub async fn says(&self, words: &[&str]) {
        for words in words {
            self.wait_for(words).await;
        }
        let text = self.look(words[0]).await;
        for words in words {
            assert!(text.contains(words), "{words:?} isn't said:\n{text}");
        }
    }

    /// Waits until all pictures of a kind, of which there must be one, are there to be seen.
    pub async fn shows_pictures(&self, selector: &str) {
        let script = "const all = [...document.querySelectorAll(arguments[0])]; all.forEach(it => it.scrollIntoView());
            return all.length > 0 && all.every(it => it.complete && it.naturalWidth > 0)";
        for _ in 0..100 {
            if self.page.execute(script, vec![selector.into()]).await.unwrap() == true {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        panic!("{selector} shows no picture");
    }

    /// What axe-core finds wrong with the page, and how much wider it is than the screen, a line each.
    pub async fn violations(&self) -> Vec<String> {
        let axe = include_str!("../fixtures/axe/axe.min.js");
        self.page.execute(axe, vec![]).await.unwrap();
        let run = "const done = arguments[arguments.length - 1];
            axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
               .then(result => done(result.violations.map(v => `${v.id}: ${v.nodes.map(n => n.html).join(' | ')}`)));";
        let found = self.page.execute_async(run, vec![]).await.unwrap();
        let mut violations: Vec<String> =
            found.as_array().unwrap().iter().map(|line| line.as_str().unwrap().to_owned()).collect();
        // Not the window's width: a phone's grows with a page that is too wide for it.
        let width = "const page = document.documentElement; return page.scrollWidth - page.clientWidth";
        let over = self.page.execute(width, vec![]).await.unwrap().as_i64().unwrap();
        if over > 0 {
            violations.push(format!("too-wide: {over} pixels wider than the screen"));
        }
        violations
    }

    /// Keeps a picture of the page for the manual: under target/pictures, and among the pages' assets if UPDATE_PICTURES is set.
    pub async fn keep_help_picture(&self, picture: &HelpPicture) {
        self.page.set_window_size(picture.width, 900).await.unwrap();
        let script = "window.scrollTo(0, 0); return [document.documentElement.scrollHeight, window.innerWidth]";
        let size = self.page.execute(script, vec![]).await.unwrap();
        let height = size[0].as_u64().unwrap_or(0).clamp(300, TALLEST_HELP_PICTURE);
        for quality in [80, 60, 40, 20] {
            let webp = self.webp(size[1].as_u64().unwrap_or(0), height, quality).await;
            if webp.len() > LARGEST_HELP_PICTURE {
                continue;
            }
            let mut folders = vec![root().join("target/pictures/help")];
            if std::env::var_os("UPDATE_PICTURES").is_some() {
                folders.push(root().join("shared/pages/assets/help"));
            }
            for folder in folders {
                std::fs::create_dir_all(&folder).unwrap();
                std::fs::write(folder.join(format!("{}.webp", picture.name)), &webp).unwrap();
            }
            return;
        }
        panic!("the picture of {} is too large at any quality", picture.name);
    }

    /// A picture of the page's top as a lossy WebP, which WebDriver itself can't take: chromedriver passes the browser's own
    /// command on.
    async fn webp(&self, width: u64, height: u64, quality: u8) -> Vec<u8> {
        let session = self.page.session_id().await.unwrap().expect("the session is open");
        let command = json!({
            "cmd": "Page.captureScreenshot",
            "params": {
                "format": "webp",
                "quality": quality,
                "captureBeyondViewport": true,
                "clip": { "x": 0, "y": 0, "width": width, "height": height, "scale": 1 },
            },
        });
        let url = format!("{}/session/{session}/goog/cdp/execute", self.address);
        let answer = ask("POST", &url, &[("content-type", "application/json")], command.to_string().into()).await;
        let answer: Value = serde_json::from_slice(&answer.body).unwrap();
        let data = answer["value"]["data"].as_str().unwrap_or_else(|| panic!("no picture: {answer}"));
        BASE64_STANDARD.decode(data).unwrap()
    }

    /// Keeps a picture of the page under target/pictures, and in the repository if UPDATE_PICTURES is set and it is one of its own.
    pub async fn keep_picture(&self, name: &str) {
        // The whole page, and not only what a screen shows of it.
        let script = "return [window.innerWidth, document.documentElement.scrollHeight + window.outerHeight - window.innerHeight]";
        let size = self.page.execute(script, vec![]).await.unwrap();
        let pixels = |place: usize| size[place].as_u64().and_then(|n| u32::try_from(n).ok()).unwrap_or(900);
        self.page.set_window_size(pixels(0), pixels(1).clamp(600, TALLEST_PICTURE)).await.unwrap();
        let png = self.page.screenshot().await.unwrap();
        let kept = root().join("target/pictures");
        std::fs::create_dir_all(&kept).unwrap();
        std::fs::write(kept.join(format!("{name}.png")), &png).unwrap();
        let ours = root().join(format!("tests/pictures/{name}.png"));
        if std::env::var_os("UPDATE_PICTURES").is_some() && ours.exists() {
            std::fs::write(ours, &png).unwrap();
        }
    }
}

/// The Tab key, as WebDriver names it.
pub const TAB: &str = "\u{e004}";
/// The Enter key.
pub const ENTER: &str = "\u{e007}";
/// The arrow downwards, which chooses the next of several.
pub const DOWN: &str = "\u{e015}";
/// A page has some twenty places before its form, and a form some thirty.
const MOST_TABS: usize = 80;

/// chromedriver and the Chromium that it starts: one process group, ended as a whole.
struct Driver(Child);

impl Driver {
    /// Starts it on a port; it answers a moment later.
    fn start(port: u16) -> Self {
        Self::start_program("chromedriver", port)
    }

    fn start_program(program: &str, port: u16) -> Self {
        let asked = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        asked.expect("chromedriver isn't installed: `cargo ce test` installs it, or says how");
        // In a group of its own a Ctrl-C doesn't reach it: it ends when the pipe from this process does.
        let watched = r#""$0" "$1" </dev/null & cat; kill -KILL 0"#;
        let driver = Command::new("sh")
            .args(["-c", watched, program])
            .arg(format!("--port={port}"))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn();
        Self(driver.expect("every system has a shell"))
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // chromedriver alone would leave its Chromium behind.
        if let Some(group) = i32::try_from(self.0.id()).ok().and_then(rustix::process::Pid::from_raw) {
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
        let _ = self.0.wait();
    }
}

/// What a picture in the manual shows of a long page, in pixels: it shows where things stand, and not all of them.
const TALLEST_HELP_PICTURE: u64 = 900;
/// As the pages' own test asks.
const LARGEST_HELP_PICTURE: usize = 60 * 1024;

/// What a picture shows of a long page, in pixels.
const TALLEST_PICTURE: u32 = 1_600;

/// The repository's root.
pub fn root() -> PathBuf {
    local::files::root()
}

/// Plain HTTP: chromedriver listens on this machine only.
fn connector() -> hyper_util::client::legacy::connect::HttpConnector {
    hyper_util::client::legacy::connect::HttpConnector::new()
}

fn options(manner: Manner, profile: &Path) -> Value {
    let mut arguments = vec![
        "--headless".to_owned(),
        "--no-sandbox".into(),
        "--disable-gpu".into(),
        "--disable-quic".into(),
        "--no-first-run".into(),
        "--disable-background-networking".into(),
        "--disable-component-update".into(),
        "--disable-sync".into(),
        "--disable-dev-shm-usage".into(),
        "--hide-scrollbars".into(),
        format!("--user-data-dir={}", profile.display()),
    ];
    if manner.dark {
        arguments.push("--blink-settings=preferredColorScheme=0".into());
    }
    let scripts = if manner.no_scripts { 2 } else { 1 };
    json!({ "args": arguments, "prefs": { "profile.managed_default_content_settings.javascript": scripts } })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[tokio::test]
    async fn a_picture_for_the_manual_is_a_lossy_webp_as_wide_as_the_page() {
        let browser = Browser::open(Manner::default()).await;
        browser.go("data:text/html,<h1>Help</h1>").await;
        let webp = browser.webp(700, 300, 60).await;
        browser.close().await;
        assert!(webp.starts_with(b"RIFF") && webp[8..12] == *b"WEBP", "{:?}", &webp[..16]);
        assert!([&b"VP8 "[..], b"VP8X"].contains(&&webp[12..16]), "the pages' build reads no other: {:?}", &webp[..16]);
        assert!(webp.len() < LARGEST_HELP_PICTURE);
    }

    /// Whether a process that isn't a zombie is still there.
    fn runs(process: &str) -> bool {
        let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
        stat.rsplit_once(") ").is_some_and(|(_, rest)| !rest.starts_with('Z'))
    }

    #[test]
    fn what_the_driver_started_ends_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let (program, noted) = (folder.path().join("driver"), folder.path().join("child"));
        let script = format!(
            "#!/bin/sh\n[ \"$1\" = --version ] && exit\nsleep 300 &\necho $! >{0}.new\nmv {0}.new {0}\nwait\n",
            noted.display()
        );
        let words = folder.path().join("script");
        fs::write(&words, script).unwrap();
        // Written by another program: a test beside this one that starts a process at this moment would hand it our open file, and what
        // is open to be written can't be run.
        let installed = Command::new("install").args(["-m", "755"]).args([&words, &program]).status();
        assert!(installed.unwrap().success());
        let patience = |done: &dyn Fn() -> bool| {
            (0..100).any(|_| {
                std::thread::sleep(Duration::from_millis(50));
                done()
            })
        };

        let driver = Driver::start_program(program.to_str().unwrap(), 0);
        assert!(patience(&|| noted.exists()), "the program never started");
        let child = fs::read_to_string(&noted).unwrap().trim().to_owned();
        assert!(runs(&child));
        drop(driver);
        assert!(patience(&|| !runs(&child)), "a child outlived the driver");
    }
}
