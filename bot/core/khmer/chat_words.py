"""The Khmer words that matter most in our chats, and how people spell them in Latin letters.

Never complete, and never a dictionary: what is not here is found by its sound (`sound`).
"""

from collections.abc import Mapping

# Khmer word, then spellings seen or likely in chats; the table is ours, written by hand.
_TABLE = """
ខ្ញុំ: knhom khnhom khnom nhom kyom khyom knhum khnhum knyom
បង: bong
អូន: oun own
គាត់: kat koat
គេ: ke
យើង: yerng yeung yoeung
អ្នក: nak neak nek
ឈ្មោះ: chmous chhmous chhmoh chmoh chmos chmuos
បាទ: bat baat bart
ចាស: jas chas jaas chaas cha
ទេ: te teh
អត់: ot ort ott
មិន: min ot ort
មាន: mean mien
គ្មាន: kmean khmean
បាន: ban baan
ចង់: chong jong chang
ត្រូវ: trov trouv trv trow
ត្រូវការ: trovka trovkar trouvka
ជួយ: juoy chuoy juy chouy jouy chuy
ធ្វើ: tver tveu thver tvr tverr thvoe tweu
ការ: ka kar
ការងារ: kangea karngea kangear karngear kanngea kangia
ធ្វើការ: tverka tverkar tveuka thverka twerka
លុយ: luy loy lui
ប្រាក់: prak brak
ប្រាក់ខែ: prakkhae prakkhe prakhae prakke
ឈ្នួល: chnuol chhnuol chnoul
ជំពាក់: jompeak chompeak jumpeak chumpeak
បើក: berk baek beuk
ថៅកែ: taoke thaoke thavke tavke taokae thaokae
ថៃ: thai tai
ខ្មែរ: khmer kmer khmae
ស្រុក: srok sruk
ស្រុកខ្មែរ: srokkhmer
ខេត្ត: khet khaet ket
ភូមិ: phum phoum pum
ឃុំ: khum khom
ផ្ទះ: pteah phteah ptas phtas pteas
គ្រួសារ: krousar kruosar krusa krousa kruosa
កូន: kon koun
ប្រពន្ធ: propun prapun bropun
ប្ដី: pdey bdey phdey
ម្តាយ: mday madai mdai
ម៉ែ: mae
ឪពុក: ovpuk aupuk ovpouk
ប្រុស: pros bros proh
ស្រី: srey srei
ក្មេង: kmeng khmeng
ឈឺ: chheu cheu chhue chhu
របួស: robuos robous rbuos robos
ពេទ្យ: pet peit paet
ស្លាប់: slap slab
ជំនួយ: jomnuoy chomnuoy jumnuoy
ព្រឹក: pruek preuk prek prouk
ថ្ងៃ: thngai tngai thngay tngay ngai
ថ្ងៃត្រង់: tngaitrong thngaitrong
ល្ងាច: lngeach lngach longeach lngiach
យប់: yob yub yup yop
ពេល: pel pael
ពេលណា: pelna
ណា: na
ក៏: kor
ស្អែក: saek s'aek
ម្សិលមិញ: mselminh mselmenh
ឥឡូវ: eylov ilov elov aylov eilov
ឆ្នាំ: chnam chhnam
ខែ: khae khe kae
អាយុ: ayu ayou
លេខ: lek lekh laek
ទូរសព្ទ: tourosap toursap turosab tourasap tursab
តេ: telephone
ហៅ: hao hav hov
សរសេរ: sorse sorser sorsae sosae
និយាយ: niyeay niyay nyeay niyey
ប្រាប់: prab brab prap
ដឹង: deng doeng dung dang
យល់: yol yul yual
យល់ព្រម: yolprom yulprom
ព្រម: prom
ទៅ: tov tow tou
មក: mok mk mork
មកវិញ: mokvinh mokvenh
វិញ: vinh venh vign
នៅ: nov now nouv nv
ត្រឡប់: trolob tralob trolop trolab
រស់: ros rous
ឈប់: chhob chob chop
បន្ត: bontor bonto banto bantor
រៀន: rien rean
ជំនាញ: jomneanh chomneanh jumneanh
ឯកសារ: eksar aeksar ekasar
ប័ណ្ណ: bann pann
លិខិតឆ្លងដែន: likhetchlongdaen pasport paspor
បុគ្គលិក: bokalik bokkolik bukalik pukolik
សុវត្ថិភាព: sovathepheap sovatpheap sovatthiphap
គ្រោះថ្នាក់: krohthnak krostnak
ល្អ: laor l'or lor
អី: ey avey
អ្វី: avey avei ahvey
ហើយ: hery haey hz hoy heuy hey
ហ្នឹង: nung ning neng hnung noeng
ផង: pong phong
ដែរ: dae der daer
ឬ: reu ru rue
អរគុណ: orkun arkun akun orkoun
សួស្តី: suosdey sousdey susdey suosdei
សុំ: som sum
សូម: soum
ម្នាក់ឯង: mneakeng mnakeng
ទាំងពីរ: teangpi teangpir tangpi
ទាំងអស់: teangos tangos tangoh
ផ្សេង: pseng phseng psang
សំណង់: somnong samnong sangnong
ចម្ការ: chamka chamkar jamka
រោងចក្រ: rongchak roungchak rongjak rongchakr
នេសាទ: nesat nesaat
លក់: luk louk
ទិញ: tinh tenh tign
ឡាន: lan laan
ប៉ូលិស: polis polih
បំណុល: bomnol bamnol
ថែមម៉ោង: thaemmaong themmong
កិច្ចសន្យា: kechsonya kichsanya
ភាសា: pheasa peasa phasa
គ្មានទេ: kmeante
រឿង: rueng roeung reung rerng
ហេតុអី: hetey
ម៉េច: mech mich
យ៉ាងម៉េច: yangmech
ប៉ុន្មាន: ponman bonman punman
កន្លែង: konlaeng kanlaeng konleng kanleng
បាយ: bay
ដេក: dek
ហូប: hob houb hop
រក: rok rork
សារ: sar
សំឡេង: somleng samleng
អាន: an
ស្តាប់: sdab sdap stab
"""


def _read(table: str) -> Mapping[str, tuple[str, ...]]:
    lines = (line.partition(": ") for line in table.strip().splitlines())
    return {word: tuple(spellings.split()) for word, _, spellings in lines}


WORDS: Mapping[str, tuple[str, ...]] = _read(_TABLE)  # Khmer word → spellings
