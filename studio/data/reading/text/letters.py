"""What languages are written with: their letters beyond plain ones, and the short words that give them away.

In: nothing. Out: languages with their letters in the order of how often they occur, and the encodings that texts come
in with how often one meets them. Common knowledge, written down for this; no text stands behind it.
"""

from __future__ import annotations

from typing import NamedTuple


class Language(NamedTuple):
    """`letters` beyond a–z in lower case, the most frequent one first. `words` are frequent ones without such letters;
    "" where the language is not written with a–z."""

    letters: str
    words: str = ""


LANGUAGES = {
    "en": Language("éèïçöñüâàáíóä", "the and of to in is that for it you with this are not have my"),
    "de": Language("üäößé", "der die und das ist nicht ich zu den mit sie ein auf von wir es auch wird werden eine"),
    "fr": Language(
        "éèàêçôîâûùœïëÿæü", "de la le les et des est pas vous que je un une pour dans en sur du qui il avec"
    ),
    "es": Language("óíáéñúü¿¡", "de la que el en los no un las con una por para es del se su me lo al como pero"),
    "pt": Language("ãçáéíóêõâúàôü", "de que o do da em um para com os uma no na se por as dos mais ao foi como mas eu"),
    "ca": Language("éèàóíòçïúü·", "de la que el i en les un per una els amb del no es al com ha aquest"),
    "gl": Language("óáéíñúïü", "de que o a do da en un unha os para non se por as dos co no na como foi"),
    "it": Language("èàòùéìîóú", "di che la il non un per del una in sono con ho mi si le da lo al della ma come"),
    "nl": Language("ëéïèüóöçê", "de het een van en is niet ik je dat voor op met zijn te in er aan wordt mijn"),
    "sv": Language("äåöéàü", "och att det som en inte jag till den av med har om ett kan vi du ska mitt"),
    "da": Language("øåæéäöü", "og at det er en ikke jeg til den af med har for som kan vi du der ikke et min"),
    "no": Language("åøæéòôóêä", "og at det er en ikke jeg til som av med har for kan vi du et min skal eg ikkje"),
    "fi": Language("äöåéšž", "ja on ei se en oli mutta kun olen minun voi niin ole kuin ovat tai jos"),
    "is": Language("áíðéæúóöþýä", "og er ekki sem vi til fyrir hann af um en hafa var eg vera"),
    "et": Language("äõüöšžé", "ja on ei ma see kui oli et ning mis ta siis saab ole selle mu"),
    "hu": Language("áéóöőíüúűä", "a az nem hogy egy ez van meg csak is de volt ha mint vagy nekem"),
    "pl": Language("łęąóżśćńźé", "i w na z do nie to jest o od za po jak ale dla przez czy mi co ten jej moje"),
    "cs": Language("íáéřýčžěšůúťňďóöä", "a na se v je to o s z do pro ale jsem od jako by po ve jak mi pokud nebo"),
    "sk": Language("áíýéčžšúľťôňďóäŕĺě", "a na sa v je to o s z do pre ale som od ako by po vo nie mi ak alebo"),
    "sl": Language("čšžćđé", "in je na v za se da ni so ki ne pa ali sem s po bi tudi od kot lahko"),
    "hr": Language("čšžćđé", "i u je na se da za ne su od s kao ili nije sam to po a iz koji nisam"),
    "ro": Language("ăîâşţșțé", "de la nu care un o cu pe din pentru este sau mai ce am fi au fost ca iar"),
    "sq": Language("ëçé", "dhe e i nga me se ka do nuk kjo pse si por ju jam duhet ishte"),
    "tr": Language("ıüşğçöİâîûéÜÖÇŞ", "ve bir bu da de ne mi var ama daha benim olarak gibi ile en kadar sonra"),
    "lv": Language("āīēšūļņžčķģéŗō", "un ir ar no uz par nav kas bet man tas ka vai lai ja es tiek jau"),
    "lt": Language("ėšųūžįčąęé", "ir yra kad su tai bet nuo man kaip apie ne ar jei buvo dar per mano"),
    "cy": Language("ŵŷâôêîïûàöä", "y yr i yn o ar a mae ei ac wedi bod am i'r nid dim fy"),
    "ga": Language("áéíóú", "an na agus ar is i a go le do bhi ag mar nach ach mo"),
    "gd": Language("àòìùèéó", "an na agus air is a tha do gu le e chan mar ach bha mi thu"),
    "vi": Language("đưâơêôăàáèéìíòóùúýãõ", "cho trong khi anh em xin con ra theo nhau hay sao ai nay hai ba"),
    "ru": Language("оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё"),
    "uk": Language("оанивіертслкудмпзяьбгчйхїцжюєшщфґ"),
    "be": Language("аніеыркслтдоўуязвпмьбчгхцйшжэёюф"),
    "bg": Language("аиоентрсвлкдпмзгяъубчцйжщхшюфь"),
    "sr": Language("аиоенрсјтукдвмплзгбшчцжћњљђхфџ"),
    "mk": Language("аоитенрсвдклпмузгјшбцчжќхѓљњѕфџ"),
    "el": Language("αοιετσνηυρπκμλςωάόίέδγήχθύφώβξζψϊϋΐΰ"),
    "he": Language("יוהלאתמרבשנדעקפחםגצכטסזןךףץ"),
    "ar": Language("اليمونرتبةعدسفهكقأحجشطصىخإذءئزضثغآظؤ"),
    "fa": Language("ایردنهومتبسلکشزفگعخقجآپحطصچضغذژثظئيكأ"),
    "th": Language("านรอกเงมยลวด่้ีิั์ืุู็ทสตะปบคหแจพชขใไำโผฟถศธณซภษญฐฆฎฏฑฌฒฮๆ"),
}
# Encodings of one byte a letter, with how much rarer (as a natural logarithm) each is met than Windows-1252, and the
# languages that come in it.
_WEST = "en de fr es pt ca gl it nl sv da no fi is sq ga gd"
_MIDDLE = "pl cs sk hu sl hr ro de sq"
_CYRILLIC = "ru uk be bg sr mk"
ONE_BYTE: dict[str, tuple[float, str]] = {
    "cp1252": (0.0, f"{_WEST} et"),
    "cp1250": (-2.0, _MIDDLE),
    "cp1251": (-1.5, _CYRILLIC),
    "cp1253": (-1.5, "el"),
    "cp1254": (-2.5, "tr"),
    "cp1255": (-1.5, "he"),
    "cp1256": (-1.5, "ar fa fr"),
    "cp1257": (-2.0, "lt lv et"),
    "cp1258": (-2.0, "vi"),
    "cp874": (-1.5, "th"),
    "koi8_r": (-2.5, "ru bg"),
    "koi8_u": (-3.0, "uk be ru"),
    "iso8859_15": (-2.5, f"{_WEST} et"),
    "iso8859_2": (-2.5, _MIDDLE),
    "iso8859_5": (-3.5, _CYRILLIC),
    "iso8859_6": (-3.5, "ar"),
    "iso8859_7": (-2.5, "el"),
    "iso8859_8": (-3.0, "he"),
    "iso8859_9": (-3.5, "tr"),
    "iso8859_13": (-4.0, "lt lv et"),
    "iso8859_4": (-5.0, "lt lv et"),
    "iso8859_16": (-5.0, "ro"),
    "iso8859_14": (-6.0, "cy"),
    "mac_roman": (-3.0, _WEST),
    "mac_latin2": (-6.0, "pl cs sk hu"),
    "mac_cyrillic": (-5.0, "ru uk"),
    "mac_greek": (-6.0, "el"),
    "mac_turkish": (-6.0, "tr"),
    "cp850": (-3.0, _WEST),
    "cp437": (-4.0, _WEST),
    "cp852": (-4.0, _MIDDLE),
    "cp866": (-3.0, "ru uk be bg"),
    "cp855": (-6.0, "sr mk bg"),
    "cp857": (-5.0, "tr"),
    "cp737": (-5.0, "el"),
    "cp775": (-6.0, "lt lv et"),
    "cp862": (-5.5, "he"),
}
MANY_BYTES: dict[str, tuple[float, str]] = {
    "gb18030": (-1.5, "zh"),
    "big5hkscs": (-2.0, "zh-hant"),
    "cp932": (-1.5, "ja"),
    "euc_jp": (-2.5, "ja"),
    "cp949": (-1.5, "ko"),
}
# The most frequent characters of languages with thousands of them.
HAN = (
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事"
    "成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此"
    "已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代"
    "内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安"
    "少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光"
    "请谢您订单退货款客服"
)
HAN_TRADITIONAL = (
    "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡用道行所然家種事"
    "成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心她本前開但因只從想實日軍者意無力它與長把機十民第公此"
    "已工使情明性知全三又關點正業外將兩高間由問很最重並物手應戰向頭文體政美相見被利什二等產或新己制身果加西斯月話合回特代"
    "內信表化老給世位次度門任常先海通教兒原東聲提立及比員解水名真論處走義各入幾口認條平系氣題活爾更別打女變四神總何電數安"
    "請謝您訂單退貨款客服務"
)
KANJI = (
    "日一人年大十二本中長出三時行見月分後前生五間上東四今金九入学高円子外八六下来気小七山話女北午百書先名川千水半男西電校語"
    "土木聞食車何南万毎白天母火右読友左休父雨国会社事自者地業方新場員立開手力問代明動京目通言理体田主題意不作用度強公持野以"
    "思家世多正安院心界教文元重近考画海売知集別物使品計死特私始朝運終台広住真有口少町料工建空急止送切転研足究楽起着店病質待"
    "注文返金届商品届確認様願致"
)
HANGUL = (
    "이다에의는로하을가고지서한은기으년대사시를리도인스일나자아라해그어있게정보들수주부여것니만구전습면원무제까요세었장내비야오"
    "했성경상안동모관물문제되신방공조우개과유연마중소달위드트저러거없선진음계와할않입료진적치발때러르회생분화간실회품환불송"
)
