"""Cuts the fonts of Debian's packages down to what certificates need: python3 subset.py [cjk]

Needs fontTools 4, and fonts-noto-core, fonts-noto-extra and fonts-noto-cjk installed. Run in this folder.
"""

import os
import sys

from fontTools import subset
from fontTools.ttLib import TTFont

FONTS = "/usr/share/fonts/truetype/noto/"
CJK = "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc"
# The face of the collection whose forms are the simplified Chinese ones.
CJK_FACE = 2

# What scripts share, so that a name needn't change its font for a dot.
SHARED = "20,21,28,29,2C-2F,3A,3B,A0,2010-2015,200B-200F,25CC"
LATIN = (
    "20-7E,A0-17F,180-24F,259,2B0-2DD,300-36F,370-3FF,400-52F,1E00-1EFF,1F00-1FFF,2000-2064,"
    "2070-209C,20A0-20BF,2116,2122,2126,212A,212B,2150-215E,2212,2260,2264,2265,25CC,2C60-2C7F,"
    "FB00-FB06"
)
SCRIPTS = {
    "NotoSans-Regular": LATIN,
    "NotoSans-SemiBold": LATIN,
    "NotoSerifDisplay-Medium": LATIN,
    "NotoNaskhArabic-Regular": "600-6FF,750-77F,8A0-8FF,FB50-FDFF,FE70-FEFF",
    "NotoSerifArmenian-Regular": "530-58F,FB13-FB17",
    "NotoSerifBengali-Regular": "980-9FF,964,965",
    "NotoSansCherokee-Regular": "13A0-13FF,AB70-ABBF",
    "NotoSerifDevanagari-Regular": "900-97F,A8E0-A8FF,1CD0-1CFF",
    "NotoSerifEthiopic-Regular": "1200-139F,2D80-2DDF,AB00-AB2F",
    "NotoSerifGeorgian-Regular": "10A0-10FF,1C90-1CBF,2D00-2D2F",
    "NotoSerifGujarati-Regular": "A80-AFF,964,965",
    "NotoSerifGurmukhi-Regular": "A00-A7F,964,965",
    "NotoSerifHebrew-Regular": "590-5FF,FB1D-FB4F",
    "NotoSerifKannada-Regular": "C80-CFF,964,965",
    "NotoSerifKhmer-Regular": "1780-17FF,19E0-19FF",
    "NotoSerifLao-Regular": "E80-EFF",
    "NotoSerifMalayalam-Regular": "D00-D7F,964,965",
    "NotoSerifMyanmar-Regular": "1000-109F,A9E0-A9FF,AA60-AA7F",
    "NotoSansOriya-Regular": "B00-B7F,964,965",
    "NotoSerifSinhala-Regular": "D80-DFF,964",
    "NotoSansSyriac-Regular": "700-74F,860-86F,60C,61B,61F,640,64B-655",
    "NotoSerifTamil-Regular": "B80-BFF,964,965",
    "NotoSerifTelugu-Regular": "C00-C7F,964,965",
    "NotoSansThaana-Regular": "780-7BF,60C,61B,61F",
    "NotoSerifThai-Regular": "E00-E7F",
}

# Every character that these name: the standards of China, Taiwan, Japan and Korea.
STANDARDS = ("gb2312", "big5", "cp950", "shift_jis_2004", "euc_jis_2004", "euc_kr")
MORE_CJK = "AC00-D7A3,3000-30FF,31F0-31FF,3130-318F,FF00-FFEF"


def signs(text):
    found = set()
    for part in text.split(","):
        first, _, last = part.partition("-")
        found |= set(range(int(first, 16), int(last or first, 16) + 1))
    return found


def cut(font, wanted, name, **options):
    settings = subset.Options()
    settings.hinting = False
    settings.notdef_outline = True
    settings.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    settings.name_languages = [0x409]
    settings.glyph_names = False
    settings.recalc_timestamp = False
    settings.drop_tables += ["DSIG", "VORG", "vhea", "vmtx", "BASE", "MATH", "meta"]
    for option, value in options.items():
        setattr(settings, option, value)
    cutter = subset.Subsetter(settings)
    cutter.populate(unicodes=wanted)
    cutter.subset(font)
    font.save(name)
    print(name, os.path.getsize(name), len(font.getGlyphOrder()))


def is_in(standard, code):
    try:
        return bool(chr(code).encode(standard))
    except UnicodeError:
        return False


def cut_scripts():
    for name, ranges in SCRIPTS.items():
        wanted = signs(ranges) if ranges is LATIN else signs(ranges) | signs(SHARED)
        cut(TTFont(f"{FONTS}{name}.ttf", recalcTimestamp=False), wanted, f"{name}.ttf", layout_features=["*"])


def cut_cjk():
    font = TTFont(CJK, fontNumber=CJK_FACE, recalcTimestamp=False)
    wanted = {code for code in range(0x1100, 0x30000) if any(is_in(standard, code) for standard in STANDARDS)}
    cut(
        font,
        ((wanted | signs(MORE_CJK)) & set(font.getBestCmap())) | {0x20},
        "NotoSerifCJK-Regular.otf",
        layout_features=["ccmp", "locl", "kern"],
        # The Chinese forms and the Japanese ones.
        layout_scripts=["DFLT.dflt", "latn.dflt", "hani.dflt", "hani.JAN ", "kana.dflt", "kana.JAN ", "hang.dflt"],
    )


if __name__ == "__main__":
    cut_cjk() if "cjk" in sys.argv[1:] else cut_scripts()
