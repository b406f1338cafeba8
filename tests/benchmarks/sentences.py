"""Sentences as customers write them, in many languages, with the encodings in which such files come.

In: nothing. Out: for each language its encodings and sentences, all written for this.
"""

from __future__ import annotations

_WEST = "cp1252 iso8859_15 mac_roman cp850"
_MIDDLE = "cp1250 iso8859_2 cp852"

SENTENCES: dict[str, tuple[str, tuple[str, ...]]] = {
    "German": (f"{_WEST} cp437 cp1250", (
        "Guten Tag, mein Paket ist immer noch nicht angekommen, können Sie bitte prüfen, wo es geblieben ist?",
        "Die Größe stimmt nicht, ich möchte die Schuhe zurückschicken und das Geld zurückbekommen.",
        "Für die schnelle Hilfe am Sonntag möchte ich mich herzlich bedanken, das war außergewöhnlich freundlich.",
        "Nach dem Update lässt sich die App auf meinem älteren Gerät nicht mehr öffnen.",
    )),
    "French": (f"{_WEST} cp437", (
        "Bonjour, je n’ai toujours pas reçu ma commande passée il y a trois semaines, où est-elle ?",
        "Le vendeur m’a été très utile, mais la qualité du tissu est décevante et la couleur a changé.",
        "Après la mise à jour, l’application s’arrête dès que j’essaie de payer à la caisse.",
        "Pourriez-vous m’envoyer une facture à l’adresse indiquée ci-dessous, s’il vous plaît ?",
    )),
    "Spanish": (f"{_WEST} cp437", (
        "¿Dónde está mi pedido? Lo compré hace más de un mes y todavía no ha llegado.",
        "La señora de atención al cliente fue muy amable y solucionó el problema en cinco minutos.",
        "El tamaño no es el que aparece en la página, así que quiero devolverlo y recuperar mi dinero.",
        "Mañana llamaré otra vez para saber si el técnico vendrá por la tarde.",
    )),
    "Portuguese": (_WEST, (
        "Olá, a minha encomenda ainda não chegou e ninguém responde às minhas mensagens.",
        "O produto veio com um arranhão, gostaria de saber como faço a devolução.",
        "Não consigo iniciar a sessão na aplicação desde a última atualização.",
        "Muito obrigado pela atenção, a situação já está resolvida e a solução é ótima.",
    )),
    "Italian": (_WEST, (
        "Buongiorno, il pacco è arrivato aperto e manca la metà di ciò che avevo ordinato.",
        "Perché la carta è stata addebitata due volte? Così non si può andare avanti.",
        "La qualità è buona, però la spedizione è più lenta di quanto promesso.",
        "Potrò ritirare la merce già lunedì? Altrimenti annullerò l’ordine.",
    )),
    "Dutch": (_WEST, (
        "Mijn bestelling is geïnd maar niet geleverd, kunt u dat uitzoeken?",
        "De coördinator van het café was erg behulpzaam, één telefoontje was genoeg.",
        "Ik heb twee keer betaald voor dezelfde reünie en wil het geld terug, alstublieft.",
    )),
    "Swedish": (_WEST, (
        "Hej, jag har väntat i två veckor på mitt paket och undrar när det kommer fram.",
        "Färgen är inte alls som på bilden, så jag vill gärna byta tröjan mot en grå.",
        "Tack för snabb hjälp, även på söndagen, det är sällsynt numera.",
    )),
    "Danish": (_WEST, (
        "Jeg har købt en jakke på nettet, men lynlåsen går i stykker hver gang jeg åbner den.",
        "Kan I være så venlige at sende pengene tilbage, før måneden er omme?",
        "Pakken blev afleveret på en forkert adresse i Sønderborg, og naboen så det.",
    )),
    "Norwegian": (_WEST, (
        "Hei, pakken har ikke kommet ennå, og jeg får ikke svar når jeg spør på telefon.",
        "Skjermen på telefonen gikk i stykker første gang den falt, kan dere bøte på skaden?",
        "Det går fint å hente varene på lørdag, så lenge butikken er åpen.",
    )),
    "Finnish": (_WEST, (
        "Hei, tilaukseni ei ole vieläkään saapunut, vaikka maksoin sen yli kaksi viikkoa sitten.",
        "Väri on väärä ja koko liian pieni, joten haluaisin palauttaa tämän tuotteen.",
        "Kiitos nopeasta avusta, myös viikonloppuna, se on nykyään harvinaista täällä.",
    )),
    "Icelandic": ("cp1252 iso8859_15 cp850", (
        "Góðan daginn, pöntunin mín er ekki komin þótt ég hafi greitt fyrir þremur vikum.",
        "Það væri gott að fá að vita hvað varð um pakkann, því ég þarf á honum að halda.",
    )),
    "Polish": (f"{_MIDDLE} mac_latin2", (
        "Dzień dobry, moja paczka wciąż nie dotarła, chociaż zapłaciłem za nią trzy tygodnie temu.",
        "Chciałabym zwrócić buty, ponieważ są źle zszyte i rozmiar się nie zgadza.",
        "Dziękuję za szybką pomoc, pańscy ludzie są naprawdę życzliwi i cierpliwi.",
        "Po aktualizacji aplikacja wyłącza się za każdym razem, gdy próbuję coś kupić.",
    )),
    "Czech": (_MIDDLE, (
        "Dobrý den, moje zásilka stále nedorazila, přestože jsem ji zaplatil před třemi týdny.",
        "Chtěla bych vrátit boty, protože jsou špatně sešité a velikost neodpovídá.",
        "Děkuji za rychlou pomoc, vaši lidé jsou opravdu milí a trpěliví.",
        "Po aktualizaci se aplikace vypne pokaždé, když zkouším něco koupit.",
    )),
    "Slovak": (_MIDDLE, (
        "Dobrý deň, moja zásielka stále neprišla, hoci som ju zaplatil pred tromi týždňami.",
        "Chcela by som vrátiť topánky, pretože sú zle zošité a veľkosť nesedí.",
        "Ďakujem za rýchlu pomoc, vaši ľudia sú naozaj milí a trpezliví.",
    )),
    "Hungarian": (_MIDDLE, (
        "Jó napot, a csomagom még mindig nem érkezett meg, pedig három hete kifizettem.",
        "Szeretném visszaküldeni a cipőt, mert rosszul van varrva, és a mérete sem jó.",
        "Köszönöm a gyors segítséget, az ügyfélszolgálat nagyon türelmes és kedves volt.",
        "A frissítés óta az alkalmazás minden fizetésnél leáll, és újra kell indítanom a gépet, ami őrjítő.",
    )),
    "Slovenian": (_MIDDLE, (
        "Dober dan, moja pošiljka še vedno ni prispela, čeprav sem jo plačal pred tremi tedni.",
        "Želim vrniti čevlje, ker so slabo zašiti in velikost ni prava.",
        "Hvala za hitro pomoč, vaši ljudje so res prijazni in potrpežljivi.",
    )),
    "Croatian": (_MIDDLE, (
        "Dobar dan, moja pošiljka još uvijek nije stigla, iako sam je platio prije tri tjedna.",
        "Želim vratiti cipele jer su loše sašivene i veličina nije točna, a račun ću poslati sutra.",
        "Hvala na brzoj pomoći, vaši ljudi su zaista ljubazni i strpljivi.",
    )),
    "Romanian": ("cp1250 iso8859_2 cp852", (
        "Bună ziua, coletul meu încă nu a ajuns, deşi l-am plătit acum trei săptămâni.",
        "Aş dori să returnez pantofii, pentru că sunt prost cusuţi şi mărimea nu se potriveşte.",
        "Mulţumesc pentru ajutorul rapid, oamenii dumneavoastră sunt foarte răbdători.",
    )),
    "Turkish": ("cp1254 iso8859_9 cp857", (
        "Merhaba, siparişim hâlâ gelmedi, oysa parasını üç hafta önce ödemiştim.",
        "Ayakkabıyı geri göndermek istiyorum, çünkü dikişi kötü ve numarası yanlış.",
        "Hızlı yardımınız için teşekkür ederim, çalışanlarınız gerçekten çok sabırlı.",
    )),
    "Latvian": ("cp1257 iso8859_13 cp775", (
        "Labdien, mans sūtījums joprojām nav pienācis, lai gan samaksāju pirms trim nedēļām.",
        "Vēlos atdot kurpes, jo tās ir slikti sašūtas un izmērs neatbilst.",
        "Paldies par ātro palīdzību, jūsu darbinieki ir ļoti laipni un pacietīgi.",
    )),
    "Lithuanian": ("cp1257 iso8859_13 cp775", (
        "Laba diena, mano siunta vis dar neatkeliavo, nors sumokėjau prieš tris savaites.",
        "Norėčiau grąžinti batus, nes jie blogai pasiūti ir dydis netinka.",
        "Ačiū už greitą pagalbą, jūsų žmonės tikrai malonūs ir kantrūs.",
    )),
    "Estonian": ("cp1257 iso8859_15", (
        "Tere, minu pakk ei ole ikka veel kohale jõudnud, kuigi maksin kolm nädalat tagasi.",
        "Soovin kingad tagastada, sest õmblus on halb ja suurus ei ole õige, kui võimalik.",
        "Aitäh kiire abi eest, teie töötajad on tõesti väga kannatlikud.",
    )),
    "Russian": ("cp1251 koi8_r iso8859_5 cp866 mac_cyrillic", (
        "Здравствуйте, моя посылка до сих пор не пришла, хотя я оплатил её три недели назад.",
        "Хочу вернуть обувь, потому что она плохо сшита и размер не подходит.",
        "Спасибо за быструю помощь, ваши сотрудники очень вежливые и терпеливые.",
        "После обновления приложение закрывается каждый раз, когда я пытаюсь что-то купить.",
    )),
    "Ukrainian": ("cp1251 koi8_u iso8859_5", (
        "Добрий день, моя посилка досі не надійшла, хоча я оплатив її три тижні тому.",
        "Хочу повернути взуття, бо воно погано зшите і розмір не підходить.",
        "Дякую за швидку допомогу, ваші працівники дуже ввічливі й терплячі.",
    )),
    "Bulgarian": ("cp1251 iso8859_5 cp866", (
        "Добър ден, пратката ми още не е пристигнала, въпреки че я платих преди три седмици.",
        "Искам да върна обувките, защото са лошо ушити и номерът не е същият.",
        "Благодаря за бързата помощ, хората ви са наистина любезни и търпеливи.",
    )),
    "Serbian": ("cp1251 iso8859_5 cp855", (
        "Добар дан, моја пошиљка још увек није стигла, иако сам је платио пре три недеље.",
        "Желим да вратим ципеле јер су лоше сашивене и величина није тачна.",
        "Хвала на брзој помоћи, ваши људи су заиста љубазни и стрпљиви.",
    )),
    "Greek": ("cp1253 iso8859_7 cp737", (
        "Καλημέρα, το δέμα μου δεν έχει φτάσει ακόμα, αν και το πλήρωσα πριν από τρεις εβδομάδες.",
        "Θέλω να επιστρέψω τα παπούτσια, γιατί είναι κακοραμμένα και το μέγεθος δεν ταιριάζει.",
        "Ευχαριστώ για τη γρήγορη βοήθεια, οι άνθρωποί σας είναι πολύ ευγενικοί. Άραγε πότε θα έρθει;",
    )),
    "Hebrew": ("cp1255 iso8859_8 cp862", (
        "שלום, החבילה שלי עדיין לא הגיעה, אף על פי ששילמתי לפני שלושה שבועות.",
        "אני רוצה להחזיר את הנעליים כי הן תפורות גרוע והמידה לא מתאימה.",
        "תודה על העזרה המהירה, האנשים שלכם באמת אדיבים וסבלניים.",
    )),
    "Arabic": ("cp1256 iso8859_6", (
        "مرحبا، لم تصل الشحنة بعد مع أنني دفعت ثمنها قبل ثلاثة أسابيع.",
        "أريد إعادة الحذاء لأن خياطته سيئة ومقاسه غير مناسب.",
        "شكرا على المساعدة السريعة، موظفوكم لطفاء وصبورون حقا.",
    )),
    "Thai": ("cp874", (
        "สวัสดีค่ะ พัสดุของฉันยังไม่มาถึง ทั้งที่จ่ายเงินไปแล้วสามสัปดาห์ก่อน",
        "ฉันต้องการคืนรองเท้าเพราะเย็บไม่ดีและขนาดไม่พอดี",
        "ขอบคุณสำหรับความช่วยเหลือที่รวดเร็ว พนักงานของคุณใจดีและอดทนมาก",
    )),
    "Vietnamese": ("cp1258", (
        "Xin chào, gói hàng của tôi vẫn chưa đến, dù tôi đã trả tiền ba tuần trước.",
        "Tôi muốn trả lại đôi giày vì đường may xấu và cỡ không vừa.",
        "Cảm ơn vì đã giúp đỡ nhanh chóng, nhân viên của các bạn rất lịch sự và kiên nhẫn.",
    )),
    "Chinese": ("gb18030 gb2312", (
        "您好,我三个星期前就付款了,但是包裹到现在还没有收到。",
        "我想退掉这双鞋,因为缝得不好,尺寸也不合适。",
        "谢谢你们这么快就帮我解决问题,客服人员非常有耐心。",
    )),
    "Chinese (traditional)": ("big5", (
        "您好,我三個星期前就付款了,但是包裹到現在還沒有收到。",
        "我想退掉這雙鞋,因為縫得不好,尺寸也不合適。",
        "謝謝你們這麼快就幫我解決問題,客服人員非常有耐心。",
    )),
    "Japanese": ("cp932 euc_jp iso2022_jp", (
        "こんにちは。三週間前に支払いを済ませたのに、荷物がまだ届いていません。",
        "縫い目が悪く、サイズも合わないので、靴を返品したいです。",
        "すぐに助けていただき、ありがとうございました。スタッフの方々はとても親切でした。",
    )),
    "Korean": ("cp949 euc_kr", (
        "안녕하세요. 3주 전에 결제했는데 아직도 물건이 도착하지 않았습니다.",
        "바느질이 좋지 않고 크기도 맞지 않아서 신발을 반품하고 싶습니다.",
        "빠르게 도와주셔서 감사합니다. 직원분들이 정말 친절하고 참을성이 많으시네요.",
    )),
}  # fmt: skip
