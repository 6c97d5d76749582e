//! Names of services whose keys have no prefix. A random value beside such a name is one of its keys.

/// The names in lower case, without those that are also words of prose.
pub(super) const SERVICE_NAMES: &str = "\
    abstractapi abuseipdb accuweather adafruit adyen aeroworkflow airtable airvisual aiven algolia alienvault \
    ambee amplitude anthropic apideck apiflash apify apilayer artifactory asana assemblyai atlassian audd auth0 \
    avaza aviationstack axonaut aylien ayrshare bannerbear baremetrics besnappy betterstack billomat bitbucket \
    bitcoinaverage bitfinex bitly bitmex blazemeter blitapp bluesnap bombbomb braintree brandfetch browserstack \
    browshot buddyns bugherd bugsnag buildkite bulksms buttercms caflou calendarific calendly calorieninja \
    campayn cannyio capsulecrm captaindata carboninterface cashboard caspio censys centralstationcrm cexio \
    chartmogul chatfule checio checklyhq checkvist circleci clearbit clickhelp clickhouse clicksend clickup \
    cliengo clinchpad clockify clockwork cloudconvert cloudelements cloudflare cloudimage cloudmersive \
    cloudplan cloudsmith cloudways cloverly clustdoc coda codacy codecov codemagic codequiry coinapi coinbase \
    coinlayer coinlib collect2 commercejs companyhub confluent contentful contentstack convertapi convertkit \
    convier countrylayer coveralls craftmyp crossbrowsertesting crowdin cryptocompare currencycloud \
    currencyfreaks currencylayer currencyscoop customerguru customerio d7network dailyco databox databricks \
    datadog datafire datagov deepai deepgram deepl deepseek detectlanguage dfuse diffbot diggernaut \
    digitalocean discogs discord disqus docparser documo docusign doppler dotmailer dovico dronahq droneci \
    dropbox duply dwolla dynalist dynatrace dyspatch eagleeyenetworks easyinsight ecostruxure edamam edenai \
    eightxeight elasticemail elevenlabs enablex endorlabs eodhd etherscan ethplorer eventbrite everhour \
    exchangerate exportsdk extractorapi facebook faceplusplus fastforex fastly fetchrss fibery fileio findl \
    finicity finnhub fixerio flatio fleetbase flightapi flightlabs flightstats flowflu flutterwave fmfw \
    formbucket formcraft formio formsite foursquare freshbooks freshdesk freshservice fullstory fusebill \
    fxmarket gengo geoapify geocode geocodify geocodio geoipifi getgeoapi getgist getresponse gitter glassnode \
    gocanvas gocardless goodday gosquared grafana graphcms graphhopper groovehq gtmetrix guardianapi gumroad \
    gyazo happyscribe hellosign helpcrunch helpscout hereapi heroku hiveage holidayapi honeycomb html2pdf \
    hubspot huggingface hunterio hybiscus hypertrack iconfinder iexcloud imagekit imagga infura insightly \
    instabot instagram integromat intercom interseller intrinio invoiceocean ip2location ipapi ipdata \
    ipgeolocation ipify ipinfo ipquality ipstack jenkins jfrog jira jotform jumpcloud juro kanbantool karmacrm \
    keenio kickbox klaviyo klipfolio knapsackpro kontent kucoin kylas languagelayer lastfm launchdarkly \
    leadfeeder lendflow lessannoyingcrm lexigram linemessaging linenotify linkedin linkpreview liveagent \
    livestorm locationiq loggly loginradius logzio lokalise loyverse lunchmoney luno m3o mailboxlayer mailchimp \
    mailerlite mailgun mailjet mailmodo mailsac mandrill mapbox mapquest marketstack mattermost mavenlink \
    maxmind meaningcloud mediastack meistertask meraki mesibo messagebird metaapi metabase metrilo mistral \
    mixmax mixpanel mockaroo mongodb moonclerk moosend mrticktock myexperiment myfreshworks myintervals nasdaq \
    nethunt netlify neutrinoapi newrelic newsapi newscatcher nexmo nftport ngrok nicereply nozbe nozbeteams nubela \
    nutritionix nvidia nylas nytimes oanda ocrspace odds-api okta omnisend onedesk onelogin onepagecrm \
    onesignal onfleet oopspam openai opencagedata openrouter openuv openvpn openweather opsgenie optimizely \
    owlbot packagecloud pagarme pagerduty pandadoc pandascore paperform paralleldots parsehub parseur \
    partnerstack passbase pastebin paydirt payfort paymo paymongo paypal paystack pdflayer pdfshift \
    peopledatalabs pepipost percy perplexity pinecone pipedream pipedrive pivotaltracker pixabay plaid \
    planetscale planviewleankit planyo plivo podio pollsapi poloniex positionstack postageapp posthog postman \
    postmark powrbot privacycom prodpad prospectcrm protocolsio proxycrawl publit pubnub pulumi purestake \
    pushbullet pusher pyowm qase qualaroo qubole quickbase rapidapi rapyd rawg razorpay reachmail \
    reallysimplesystems rebrandly recurly replicate replyio requestfinance restpack ringcentral riteki \
    rocketreach rollbar route4me rownd runrunit runscope salesblink salescookie salesflare salesforce salesmate \
    satismeter saucelabs scaleway scalr scrapeowl scraperapi scrapestack scrapfly scrapingant scrapingbee \
    screenshotapi screenshotlayer securitytrails selectpdf semrush sendbird sendgrid sendinblue sendowl sentry \
    serphouse serpstack servicenow sheety shipday shippo shodan shopify shotstack shutterstock signalwire \
    signaturit signupgenius sigopt simfin simplesat simplynoted simvoly sinch sirv siteleaf skrapp skybiometry \
    smartsheets smartystreets smooch snipcart snowflake snyk solarwinds sonarcloud sonarqube sourcegraph \
    spacelift sparkpost spectralops speechtext splunk spoonacular sportradar sportsmonk spotify squareup \
    sslmate statuscake statuspage statuspal stitchdata stockdata storecove stormboard stormglass storyblok \
    storychief strava stytch sugester sumologic supabase supernotes surveyanyplace surveybot surveysparrow \
    swiftype tailscale tallyfy tatum tavily taxjar teamgate technicalanalysis tefter telegram telesign telnyx \
    testingbot testrail textmagic theoddsapi thinkific thousandeyes ticketmaster tickettailor tiingo timecamp \
    timezoneapi tineswebhook tmetric todoist toggl tomorrowio tomtom tradier transferwise travelpayouts \
    travisci trello tru twelvedata twilio twitch twitter tyntec typeform typetalk ubidots uclassify unifyid \
    unplugg upcdatabase uplead uploadcare uptimerobot urlscan userflow userstack vatlayer vbout vercel verimail \
    veriphone versioneye viewneo virustotal visualcrossing voiceflow voicegain voodoosms vouchery vpnapi vultr \
    vyte walkscore weatherbit weatherstack webex webflow webscraper websitepulse wepay whoxy wistia wiza \
    worksnaps workstack worldcoinindex worldweather wrike xero yandex youneedabudget zapier zendesk zenkit \
    zenrows zenscrape zenserp zeplin zerobounce zerotier zipapi zoho zonka zulip";
