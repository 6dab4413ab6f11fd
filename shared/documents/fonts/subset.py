"""Cuts the fonts of Debian's packages down to what certificates need: python3 subset.py latin; python3 subset.py cjk Serif

Needs fontTools 4, and fonts-noto-core, fonts-noto-extra and fonts-noto-cjk installed. Run in this folder.
"""
import sys,os
from fontTools import subset
from fontTools.ttLib import TTFont
N='/usr/share/fonts/truetype/noto/'
out='./'
def R(s):
    r=set()
    for p in s.split(','):
        a,_,b=p.partition('-'); r|=set(range(int(a,16),int(b or a,16)+1))
    return r
COMMON='20,21,28,29,2C-2F,3A,3B,A0,2010-2015,200B-200F,25CC'
LATIN='20-7E,A0-17F,180-24F,259,2B0-2DD,300-36F,370-3FF,400-52F,1E00-1EFF,1F00-1FFF,2000-2064,2070-209C,20A0-20BF,2116,2122,2126,212A,212B,2150-215E,2212,2260,2264,2265,25CC,2C60-2C7F,FB00-FB06'
J=[('text','NotoSans-Regular',LATIN),('strong','NotoSans-SemiBold',LATIN),('display','NotoSerifDisplay-Medium',LATIN),
('arabic','NotoNaskhArabic-Regular','600-6FF,750-77F,8A0-8FF,FB50-FDFF,FE70-FEFF'),
('armenian','NotoSerifArmenian-Regular','530-58F,FB13-FB17'),
('bengali','NotoSerifBengali-Regular','980-9FF,964,965'),
('cherokee','NotoSansCherokee-Regular','13A0-13FF,AB70-ABBF'),
('devanagari','NotoSerifDevanagari-Regular','900-97F,A8E0-A8FF,1CD0-1CFF'),
('ethiopic','NotoSerifEthiopic-Regular','1200-139F,2D80-2DDF,AB00-AB2F'),
('georgian','NotoSerifGeorgian-Regular','10A0-10FF,1C90-1CBF,2D00-2D2F'),
('gujarati','NotoSerifGujarati-Regular','A80-AFF,964,965'),
('gurmukhi','NotoSerifGurmukhi-Regular','A00-A7F,964,965'),
('hebrew','NotoSerifHebrew-Regular','590-5FF,FB1D-FB4F'),
('kannada','NotoSerifKannada-Regular','C80-CFF,964,965'),
('khmer','NotoSerifKhmer-Regular','1780-17FF,19E0-19FF'),
('lao','NotoSerifLao-Regular','E80-EFF'),
('malayalam','NotoSerifMalayalam-Regular','D00-D7F,964,965'),
('myanmar','NotoSerifMyanmar-Regular','1000-109F,A9E0-A9FF,AA60-AA7F'),
('oriya','NotoSansOriya-Regular','B00-B7F,964,965'),
('sinhala','NotoSerifSinhala-Regular','D80-DFF,964'),
('syriac','NotoSansSyriac-Regular','700-74F,860-86F,60C,61B,61F,640,64B-655'),
('tamil','NotoSerifTamil-Regular','B80-BFF,964,965'),
('telugu','NotoSerifTelugu-Regular','C00-C7F,964,965'),
('thaana','NotoSansThaana-Regular','780-7BF,60C,61B,61F'),
('thai','NotoSerifThai-Regular','E00-E7F'),
]
def run(font,uni,dest):
    o=subset.Options(); o.layout_features=['*']; o.hinting=False; o.notdef_outline=True; o.name_IDs=[0,1,2,3,4,5,6,13,14]; o.name_languages=[0x409]; o.glyph_names=False; o.legacy_kern=False
    o.drop_tables+=['DSIG','VORG','vhea','vmtx','BASE','MATH','meta'];
    o.recalc_timestamp=False
    s=subset.Subsetter(o); s.populate(unicodes=uni); s.subset(font); font.save(dest)
    print(os.path.basename(dest),os.path.getsize(dest),len(font.getGlyphOrder()),flush=True)
def latin():
    for name,src,u in J:
        f=TTFont(N+src+'.ttf',recalcTimestamp=False)
        un=R(u)|(set() if name in('text','strong','display') else R(COMMON))
        run(f,un,out+src+'.ttf')
def cjk(kind):
    cs=set()
    for enc in('gb2312','big5','shift_jis_2004','euc_jis_2004','euc_kr','cp950'):
        for c in range(0x80,0x30000):
            try: chr(c).encode(enc); cs.add(c)
            except Exception: pass
    cs|=set(range(0xAC00,0xD7A4))|R('3000-30FF,31F0-31FF,3130-318F,FF00-FFEF')
    cs={c for c in cs if c>=0x1100}
    f=TTFont(f'/usr/share/fonts/opentype/noto/Noto{kind}CJK-Regular.ttc',fontNumber=2,recalcTimestamp=False)
    print(f['name'].getDebugName(4))
    cm=f.getBestCmap(); cs&=set(cm); print(len(cs))
    o=subset.Options(); o.layout_features=['ccmp','locl','kern']; o.layout_scripts=['DFLT.dflt','latn.dflt','hani.dflt','hani.JAN ','kana.dflt','kana.JAN ','hang.dflt']; o.hinting=False; o.notdef_outline=True; o.name_IDs=[0,1,2,3,4,5,6,13,14]; o.name_languages=[0x409]; o.glyph_names=False
    o.drop_tables+=['DSIG','VORG','vhea','vmtx','BASE','meta']; o.recalc_timestamp=False
    s=subset.Subsetter(o); s.populate(unicodes=cs|{0x20}); s.subset(f); d=out+f'Noto{kind}CJK-Regular.otf'; f.save(d); print(d,os.path.getsize(d),len(f.getGlyphOrder()))
if sys.argv[1]=='latin': latin()
else: cjk(sys.argv[2])
