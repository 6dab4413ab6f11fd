//! Search in the manual: plain words, each looked for in the titles, the summaries, the texts and what else people may call
//! a thing. All articles are a few pages, so that looking through them is less work than any index.

use super::articles::{About, Article};
use std::{collections::BTreeSet, sync::LazyLock};

/// A question of a sentence.
pub(super) const LONGEST_WORDS: usize = 100;
/// An excerpt of about two lines.
const EXCERPT_SIGNS: usize = 180;

/// Words that say nothing of what is asked for.
const EMPTY_WORDS: [&str; 36] = [
    "a", "an", "and", "are", "as", "at", "be", "can", "did", "do", "does", "for", "from", "get", "has", "have", "how",
    "i", "in", "is", "it", "me", "my", "of", "on", "or", "the", "this", "to", "was", "what", "when", "where", "why",
    "with", "you",
];

/// What a search found.
pub(super) struct Found {
    /// The articles, the best first.
    pub(super) findings: Vec<Finding>,
    /// Whether they hold every word, or only some.
    pub(super) all_words: bool,
}

/// An article that was found.
pub(super) struct Finding {
    pub(super) address: String,
    pub(super) about: &'static About,
    /// The place in its text.
    pub(super) excerpt: String,
}

/// An article's words, ready to be looked through.
struct Searched {
    article: Article,
    title: BTreeSet<String>,
    also: BTreeSet<String>,
    summary: BTreeSet<String>,
    text: String,
    in_text: BTreeSet<String>,
}

static SEARCHED: LazyLock<Vec<Searched>> = LazyLock::new(|| Article::ALL.into_iter().map(searched).collect());

fn searched(article: Article) -> Searched {
    let about = article.about();
    // A template that can't be rendered has no text to be found; its own page tells of the failure.
    let text = text_of(&article.body().unwrap_or_default());
    Searched {
        article,
        title: words(about.title).collect(),
        also: words(about.also).collect(),
        summary: words(about.summary).collect(),
        in_text: words(&text).collect(),
        text,
    }
}

/// The articles with all of these words; where none has all, those with the most of them.
pub(super) fn find(asked: &str) -> Found {
    let asked: BTreeSet<String> = words(asked).filter(|word| !EMPTY_WORDS.contains(&word.as_str())).collect();
    let mut ranked: Vec<(usize, u32, &Searched)> = SEARCHED
        .iter()
        .map(|searched| {
            let weights: Vec<u32> =
                asked.iter().map(|word| weight(searched, word)).filter(|weight| *weight > 0).collect();
            (weights.len(), weights.iter().sum(), searched)
        })
        .collect();
    let most = ranked.iter().map(|(held, ..)| *held).max().unwrap_or(0);
    ranked.retain(|(held, ..)| most > 0 && *held == most);
    ranked.sort_by_key(|(_, weight, _)| std::cmp::Reverse(*weight));
    let finding = |searched: &Searched| Finding {
        address: searched.article.address(),
        about: searched.article.about(),
        excerpt: excerpt(&searched.text, &asked).unwrap_or_else(|| searched.article.about().summary.to_owned()),
    };
    Found { findings: ranked.iter().map(|(.., searched)| finding(searched)).collect(), all_words: most == asked.len() }
}

/// How much a word in an article says: the title most, the text least. A word is found by its beginning.
fn weight(searched: &Searched, word: &str) -> u32 {
    let holds =
        |words: &BTreeSet<String>| words.range(word.to_owned()..).next().is_some_and(|one| one.starts_with(word));
    let places = [(&searched.title, 8), (&searched.also, 5), (&searched.summary, 3), (&searched.in_text, 1)];
    places.iter().filter(|(words, _)| holds(words)).map(|(_, weight)| weight).sum()
}

/// A text's words in the form in which they are compared.
fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(compared)
}

/// Lower case, one of the two spellings of "licence", and singular where that is an s less.
fn compared(word: &str) -> String {
    let word = word.to_lowercase().replace("licence", "license");
    match word.strip_suffix('s') {
        Some(stem) if stem.len() >= 3 && !stem.ends_with('s') => stem.to_owned(),
        _ => word,
    }
}

/// A page's text without its marks, a line for each paragraph, heading and cell. The templates have no `<` or `>` but in marks.
fn text_of(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    for (place, part) in html.split('<').enumerate() {
        let (mark, words) = if place == 0 { ("", part) } else { part.split_once('>').unwrap_or(("", part)) };
        let is_within_a_line = ["a", "/a", "strong", "/strong"].contains(&mark.split(' ').next().unwrap_or(""));
        text.push_str(if is_within_a_line { "" } else { "\n" });
        text.push_str(words);
    }
    let text = text.replace("&#39;", "'").replace("&#34;", "\"").replace("&#38;", "&");
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// The sentence in which the text first holds one of the words; a heading only where no sentence does.
fn excerpt(text: &str, asked: &BTreeSet<String>) -> Option<String> {
    let holds = |text: &str| words(text).any(|word| asked.iter().any(|one| word.starts_with(one.as_str())));
    let line = text.lines().find(|line| line.ends_with('.') && holds(line));
    let line = line.or_else(|| text.lines().find(|line| holds(line)))?;
    let mut begin = 0;
    for (end, _) in line.match_indices(". ") {
        if holds(&line[begin..end]) {
            break;
        }
        begin = end + 2;
    }
    Some(cut(&line[begin..]))
}

/// As many whole words as an excerpt has room for.
fn cut(text: &str) -> String {
    if text.chars().count() <= EXCERPT_SIGNS {
        return text.to_owned();
    }
    let head: String = text.chars().take(EXCERPT_SIGNS).collect();
    format!("{} …", head.rsplit_once(' ').map_or(head.as_str(), |(whole, _)| whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(asked: &str) -> &'static str {
        let found = find(asked);
        assert!(found.all_words, "{asked} isn't found as a whole");
        found.findings.first().map_or("nothing", |finding| finding.about.name)
    }

    #[test]
    fn an_article_is_found_by_the_words_that_people_have_for_it() {
        assert_eq!(first("rejected rows"), "import");
        assert_eq!(first("Why was my roster rejected?"), "import");
        assert_eq!(first("forgotten password"), "sign-up");
        assert_eq!(first("add a licence"), "licences");
        assert_eq!(first("ADD LICENSES"), "licences");
        assert_eq!(first("invite colleagues"), "users");
        assert_eq!(first("logo"), "office-settings");
        assert_eq!(first("self-paced"), "on-demand");
    }

    #[test]
    fn what_no_article_has_finds_nothing_and_some_of_the_words_find_what_has_the_most() {
        assert!(find("zebra").findings.is_empty());
        assert!(find("the").findings.is_empty());
        let some = find("zebra rejected roster");
        assert!(!some.all_words);
        assert_eq!(some.findings[0].about.name, "import");
    }

    #[test]
    fn an_excerpt_is_the_sentence_with_the_word_and_has_no_marks() {
        let found = find("conflicts");
        let details = found.findings.iter().find(|finding| finding.about.name == "details").unwrap();
        assert_eq!(details.excerpt, "A corrected row fails: “Conflicts with the record”");
        // A sentence within a paragraph; and the summary where only other people's words were found.
        assert!(find("bulk").findings[0].excerpt.starts_with("With one file you report"));
        let restored = &find("restore").findings[0].excerpt;
        assert!(restored.starts_with("A withdrawn record no longer counts"), "{restored}");
        for searched in SEARCHED.iter() {
            assert!(searched.text.len() > 300, "{:?} has no text", searched.article);
            assert!(!searched.text.contains(['<', '>']) && !searched.text.contains("&#"), "{}", searched.text);
        }
    }

    #[test]
    fn no_article_is_called_as_another_and_related_ones_are_others() {
        let names: BTreeSet<_> = Article::ALL.iter().map(|article| article.about().name).collect();
        assert_eq!(names.len(), Article::ALL.len());
        for article in Article::ALL {
            let related = article.about().related;
            assert!(!related.is_empty() && !related.contains(&article), "{article:?}");
        }
    }
}
