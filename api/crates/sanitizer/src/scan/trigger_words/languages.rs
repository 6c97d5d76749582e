//! The words of languages in Latin script other than English that announce a value, with the endings that they have beside one.
//!
//! Diacritics and case do not matter. English and the words that several languages share are in the table of the parent module. Words
//! of other scripts are in `native::words`.

use super::{
    ACCOUNT, ADDRESS, BANK, BIRTH, CARD, DRIVER, FLAT, FORM_OF_ADDRESS, HEALTH, MONTH, NAME, NATIONAL, NUMBER,
    PASSPORT, PASSWORD, PHONE, PLATE, RESIDES, SALUTATION, SELF, SIGN_OFF, STREET, STREET_BEFORE, TASK_ABROAD, TAX,
    Triggers, UNIT, ZIP,
};

pub(in crate::scan) const WORDS: &[(Triggers, &str)] = &[
    (
        PHONE,
        // German, Dutch, Danish, Norwegian, Swedish, Icelandic, Finnish, Estonian.
        "telefonnr telefonisch handynummer handynr mobilnummer mobilfunknummer mobilfunk festnetz durchwahl rückruf rückrufnummer anrufer telefonnummern \
         telefoonnummer telefoonnr telefoon mobielnummer mobiel gsm gsmnummer telefonnummeret telefonnr mobilnummeret mobiltelefon mobilen mobiltlf tlfnr \
         telefonnumret mobilnumret telefonnumren mobiltelefonnummer sími símanúmer símanúmerið farsími farsímanúmer puhelinnumero puhelinnumeroni puhelinnro \
         puhelinnumeronsa kännykkä matkapuhelin puhelimeni telefoninumber telefoninumbri mobiilinumber mobiil telefoni \
         telefonu telefonem kom cel komórka komórkowy komórki telefonní telefonu mobilní mobilu telefónne telefónu mobilné mobilný \
         telefonszám telefonszámom telefonszáma telefonszámunk mobilszám mobilszámom telefonul telefonului mobitel mobitela mobitelu telefona telefonska telefonski mobilna \
         tālrunis tālruņa tālr mobilais telefonas telefono mobilus tel mobilusis \
         telefonum telefonunuz telefonumuz telefonundan cepten cep numaram numaralı \
         teléfonos telefónico telefonos telemóvel telemovel telefones téléphonique téléphones telephonique gsm cellulare cellulari telefonico telefonica recapito \
         telèfon telèfons mòbil telefonit celulari numri \
         thoại sđt telepon telpon nohp ponsel telefon simu simuni selpon telepono",
    ),
    (
        NUMBER,
        "nummeret numret nummern számom szám číslo cislo broj številka namba nambari nomor nomer numeris numurs numri numeroni nr nro \
         num numărul numer numeru número numéro nómer nomor",
    ),
    (
        BIRTH,
        "geb geburtstag geburtsort geboortedatum geboortedag geboren fødselsdato fødselsdag fødselsdatoen født fødd född födelsedag födelsedatumet syntymäaika syntynyt \
         syntymäpäivä fæðingardagur fæddur fædd sünniaeg sünnikuupäev sündinud urodzenia urodzony urodzona urodzin narození narozen narozena narodenia narodený \
         narodená születési született szül nașterii născut născută nasterii rođenja rođen rođena roden rojstva rojen rojena rođendan dzimšanas dzimis dzimusi gimimo gimęs gimusi \
         doğum doğumlu doğdum nacimiento nací nascimento nasci nascida naissance naquit nascita naixement nascut nascuda datëlindja lindjes lindur lahir kelahiran \
         sinh kapanganakan ipinanganak kuzaliwa nilizaliwa",
    ),
    (
        NATIONAL,
        "fødselsnummer fødselsnummeret fnr personnummeret personnumret personnr cprnr cprnummer henkilötunnukseni henkilötunnukset hetun kennitölu kennitalan isikukoodi \
         rijksregisternummer burgerservicenummer sofinummer dowód dowodu osobisty osobistego občanský občianský preukaz průkaz személyi személyazonosító taj adóazonosító igazolvány buletin \
         identità identità documento cédula cedula ciudadanía curp identidade identidad passnr cartão kimliği ktp nik cccd cmnd \
         pengenalan kitambulisho nida kods asmens osobna iskaznica osobná izkaznica identiteit sozialversicherungsnummer rentenversicherungsnummer \
         rentenversicherung versicherungsnummer personalausweisnummer ausweisnummer sécu sécurité nir letërnjoftimi ",
    ),
    (
        PASSPORT,
        "reisepassnummer passnr passinumero passet paszport paszportu cestovní útlevél útlevélszám pașaport pasaportul putovnica putovnice passi pases vegabréf pasaporto \
         paspor pasipoti pasaporte passaporte paspoortnummer rejsepas ",
    ),
    (
        TAX,
        "steuernummer steueridnr steuernr rsin btwnummer skattenummer veronumero verotunnus adószám adóazonosító partitaiva codicefiscale contribuyente contribuinte contribuente \
         npwp pajak daňové dič davčna pvm",
    ),
    (
        HEALTH,
        "krankenkasse versichertennr sygesikring sygesikringsnummer sjúkratrygging zorgverzekering polisnummer verzekerde mutuelle tessera sanitaria utente ubezpieczenia pojištění bpjs ",
    ),
    (
        DRIVER,
        "führerscheinnummer rijbewijs rijbewijsnummer kørekort kørekortnummer førerkort körkort ajokortti ökuskírteini jazdy řidičský vodičský jogosítvány patentino cnh \
         vozačka vozniško vairuotojo vadītāja juhiluba leseni",
    ),
    (
        PLATE,
        "nummernschild kfz nummerplade nummerskilt registreringsnummer rekisterinumero rejestracyjny rejestracyjne rejestracja spz rendszám înmatriculare placa placas matrícula immatriculation registarska",
    ),
    (
        BANK | ACCOUNT,
        "kontonr bankkonto rekening rekeningnummer bankrekening kontonummeret bankkontonummer tilinumero pankkitili tili reikningsnúmer konta rachunku rachunek účtu účet bankszámla bankszámlaszám számlaszám \
         contul conta račun računa banka hesap hesabım clabe cvu arveldusarve sąskaitos akaun akaunti ",
    ),
    (
        CARD,
        "kreditkartennummer kartennummer kartennr creditcardnummer pasnummer kortnummer kortnr kortnummeret korttinumero kartní karty kártya kártyaszám kartın kartım kartı cartão ",
    ),
    (
        PASSWORD,
        "lösenord lösenordet passord passordet adgangskode adgangskoden kodeord kodeordet salasana salasanani lykilorð aðgangsorð heslo hesla jelszó jelszavam parola parolă parolam lozinka lozinku geslo \
         gesla şifre şifrem sifre parool slaptažodis slaptazodis fjalëkalimi fjalekalimi contrasenya sandi nenosiri khẩu hasła wachtwoordje wachtwoorden kennwort passwörter senhas contraseñas katalaluan",
    ),
    (
        NAME,
        "naam voornaam achternaam navn fornavn etternavn efternavn namn förnamn efternamn nimi etunimi sukunimi nafn perenimi eesnimi imię nazwisko imie jméno příjmení meno priezvisko név keresztnév \
         vezetéknév nume prenume prezime priimek vārds uzvārds vardas pavardė soyad soyadı adı adım emri mbiemri apellido apellidos sobrenome prénom cognome nominativo cognoms nachname vorname familienname \
         inhaber kontoinhaber ansprechpartner absender empfänger kunde patientin mieter vermieter antragsteller antragstellerin klant klantnaam contratante contratada titulaire locataire soussigné \
         titular destinatario destinatário remitente wnioskodawca odbiorca nadawca žadatel příjemce megrendelő ügyfél nama pangalan neve anyja numele numelui prenumele lengkap kamili sottoscritto sottoscritta unterzeichner unterzeichnete underteckned abajofirmante ",
    ),
    (
        ADDRESS,
        "adressen adressa adresa adrese adresas adresu adresą adresi adresim adresime osoite osoitteeni osoitteessa heimilisfang heimili lakcím lakcíme cím címem címe domicilio domicile domiciliado domiciliada morada morador \
         endereço residencia residência residenza adreça aadress alamat bydliště trvalé bydlisko lakóhely prebivališče stalno naslov boravište zamieszkania zamieszkały zamieszkała zam anwani tirahan wohnanschrift wohnort wohnhaft \
         meldeadresse lieferadresse rechnungsadresse woonadres postadres bezorgadres postadresse leveringsadresse leveransadress postiosoite lieferanschrift besuchsadresse",
    ),
    (
        RESIDES,
        "address addr adresse anschrift adressen adressa adresa adrese adresas adresu adresą adresi adresim adresime osoite osoitteeni osoitteessa heimilisfang heimili lakcím lakcíme címem címe domicilio domicile domiciliado domiciliada \
         morada endereço residencia residência residenza residente adreça aadress alamat bydliště trvalé bydlisko lakóhely prebivališče naslov boravište zamieszkania zamieszkały zamieszkała zam anwani tirahan wohnanschrift \
         wohnhaft meldeadresse lieferadresse rechnungsadresse woonadres postadres bezorgadres postadresse leveringsadresse leveransadress postiosoite lieferanschrift adres indirizzo direccion dirección strasse straße hausnr hausnummer \
         live lives living lived reside resides residing deliver delivery shipping wohne wohnt wohnen woon woont bor bodde bosatt asun asuu býva bývam bydlím bydlí mieszkam mieszka mieszkamy lakom lakik stanujem stanuje živim živi oturuyorum oturuyor \
         ikamet vivo vive viven moro mora resido reside habite habitant demeurant demeure abito abita vivim visc viu elan gyvenu dzīvoju jetoj tinggal kirim antar naishi nakaa nakatira locuiesc locuiește domiciliat evim",
    ),
    (
        ZIP,
        "postleitzahl postnummer postnr postinumero poststed pócode pošta irányítószám poștal kodpocztowy pocztowy postanska poštanski poštna codpostal cpostal postikood kodepos",
    ),
    (
        STREET,
        "utca utcában útja út tér tere körút krt sétány rakpart fasor köz sor ulice náměstí nábřeží třída ulica námestie cesta trg nabrežje caddesi cadde sokak sokağı bulvarı mahallesi gatvė prospektas alėja iela bulvāris \
         prospekts laukums tänav mnt maantee puiestee väg stræde vænget vegur stígur braut damm ufer chaussee stieg steig graben promenade twiete kade dijk singel gracht laan plein steeg kamp markt \
         polku kuja kaari ngõ hẻm cesty",
    ),
    (
        STREET_BEFORE,
        "ulice ulicy náměstí třída tř nábřeží ulici osiedle os al aleja aleje alei plac pl str strada bulevardul calea aleea șoseaua splaiul piața rruga bulevardi avinguda passeig passatge ronda rambla plaça camí carretera ctra carrera \
         glorieta callejón privada cerrada calzada estrada alameda beco viela ladeira vico salita lungomare lungotevere borgo contrada jln lorong lrg jalan đường phố ngõ ngách hẻm trg ulitsa prospekt av",
    ),
    (
        UNIT,
        "unit blk lot apto apartamento appartement wohnung lägenhet lejlighed leilighet asunto apartman mieszkanie ghm",
    ),
    (
        FLAT,
        "º ª izda izqda izq dcha cto bajo pta no daire kat app appt ap apto apt apart apartament apartamento depto departamento dpto piso puerta pta planta esc escalera bloque blq bl bloc sc et etaj porta andar bloco conj sala casa fração lote int interno scala piano palazzina \
         bât bâtiment bat esc étage porte hall résidence lgh tr vån kv leil leilighet st sal th tv mf og etage stiege tür whg hinterhaus vorderhaus huis hs bus verdieping m mieszk lok lokal kl klatka piętro byt patro vchod p em emelet fsz ajtó lph stan kat ulaz \
         d daire kat blok butas b korp dz dzīv krt korter kv rt rw kel kec tầng phòng căn",
    ),
    (
        MONTH,
        "januar februar märz mai juni juli oktober dezember januari februari maart augustus mars maj augusti janvier février avril juin juillet août septembre octobre novembre décembre enero febrero marzo \
         abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre janeiro fevereiro março maio junho julho setembro outubro novembro dezembro gennaio febbraio aprile maggio giugno luglio \
         settembre ottobre dicembre stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia ledna února března dubna května června července srpna října listopadu prosince \
         ocak şubat nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta marraskuuta joulukuuta \
         január február március április május június július augusztus szeptember október ianuarie februarie martie aprilie iunie iulie septembrie octombrie noiembrie decembrie",
    ),
    (
        SIGN_OFF,
        // German, Dutch, Danish, Norwegian, Swedish, Icelandic, Finnish, Estonian.
        "grüßen grüße gruß lg mfg vg hochachtungsvoll groet groeten groetjes hoogachtend hilsen hilsner hilsenen mvh vh hälsning hälsningar kveðja kveðju terveisin \
         terv ystävällisin tervitades tervitustega lugupidamisega \
         pozdrawiam pozdrowienia pozdrowieniami poważaniem pozdravem pozdrav pozdravom pozdravy pozdravi üdvözlettel üdv tisztelettel stimă salutări saygılarımla sevgilerimle \
         selamlar cieņu pagarba pagarbiai linkėjimais poštovanjem \
         saludos saludo atentamente cordialmente abrazo abrazos cordialement salutations bises amitiés saluti ossequi cordialità atenciosamente cumprimentos abraços atentament salutacions \
         hormat trọng përshëndetje wassalam",
    ),
    (
        SELF,
        "heiße heisse heet heter hedder heiti llamo appelle chiamo chamo jmenuji jmenuju volám nazywam zovem numesc cheamă adım ismim nimeni namaku nevem vardas sauc quhem \
         naitwa naam navn namn nafn nombre nom nome nimi nama pangalan imię jméno meno ime név numele jina emri",
    ),
    (
        SALUTATION,
        "hej hei beste kære kjære kæri käre sayın sevgili merhaba selam caro cara gentile egregio gentilissima gentilissimo estimado estimada querido querida apreciado apreciada cher chère geehrte \
         geehrter szanowny szanowna drogi droga cześć witaj ahoj vážený vážená milý milá kedves tisztelt dragă stimate stimată poštovani poštovana dragi draga sveiki gerbiamas \
         gerbiama hyvä arvoisa moi terve lugupeetud tere mahal minamahal habari mpendwa yth benvolgut benvolguda prezado prezada caríssimo geachte servus moin moikka",
    ),
    (
        FORM_OF_ADDRESS,
        "sottoscritto sottoscritta mevrouw meneer signora signor signore signorina sig dott dott.ssa pani paní señora señor señorita senhora senhor doamna domnul domnișoara gospođa gospodin gospa gospod fru fröken \
         rouva úr frú kisasszony mevr dhr madame monsieur mademoiselle mme herrn bapak",
    ),
    (
        TASK_ABROAD,
        "schreibe schreib fasse erkläre erklär erstelle übersetze übersetz vergleiche nenne analysiere beschreibe formuliere verfasse interpretiere erzähl erzähle \
         escribe escríbeme resume redacta traduce explica explícame compara analiza cuéntame háblame écris rédige résume traduis explique décris analyse raconte présente \
         scrivi riassumi traduci spiega spiegami confronta analizza raccontami parlami escreva escreve resuma traduza descreva compare analise conte fale \
         schrijf vertaal beschrijf vergelijk skriv sammanfatta översätt förklara beskriv jämför berätta opsummer oversæt forklar sammenlign fortæl oppsummer oversett fortell \
         napisz streść przetłumacz wyjaśnij opisz porównaj opowiedz napiš shrň přelož vysvětli popiš porovnej zhrň vysvetli yaz yazar özetle çevir açıkla karşılaştır anlat \
         kirjoita tiivistä käännä selitä vertaa kerro tulis tuliskan ringkas terjemahkan jelaskan bandingkan ceritakan viết írj foglald fordítsd hasonlítsd scrie rezumă explică \
         napiši sažmi prevedi objasni usporedi andika eleza",
    ),
];
