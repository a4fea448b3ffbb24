/* tierzero chat widget, Apache-2.0; built from widget/, do not edit */
"use strict";(()=>{var h=class extends Error{constructor(e,i="",n=0){super(i);this.status=e;this.Y=n}},b=class{constructor(t){this.base=t}say(t,e,i){let n={...t};return e&&(n.conversation_id=e),i&&(n.locale=i),this.call("/chat",n)}async $(t,e){await this.call(`/chat/${encodeURIComponent(t)}/feedback`,{helpful:e})}history(t){return this.call(`/chat/${encodeURIComponent(t)}/messages?present=true`)}topic(t,e){return this.call(`/chat/topic?${new URLSearchParams({article:t,locale:e})}`)}async call(t,e){let i=new AbortController,n=setTimeout(()=>i.abort(),2e4),o={credentials:"omit",signal:i.signal};e&&(o.method="POST",o.headers={"Content-Type":"application/json"},o.body=JSON.stringify(e));try{let r=await fetch(this.base+t,o);if(r.status===204)return null;let l=await r.json();if(r.ok)return l;throw new h(r.status,l.detail,Number(r.headers.get("Retry-After"))||0)}catch(r){throw r instanceof h?r:new h(0,String(r))}finally{clearTimeout(n)}}};function s(a,t={},...e){let i=document.createElement(a);for(let[n,o]of Object.entries(t))typeof o=="function"?i.addEventListener(n,o):o!==!1&&i.setAttribute(n,o===!0?"":o);for(let n of e)n&&i.append(n);return i}var O="http://www.w3.org/2000/svg",B={chat:"M12 4c-4.7 0-8.5 3.1-8.5 7 0 2.1 1.1 4 2.9 5.3-.1 1.2-.6 2.3-1.4 3.2 1.8-.1 3.4-.7 4.6-1.7.8.2 1.6.2 2.4.2 4.7 0 8.5-3.1 8.5-7S16.7 4 12 4z",close:"M6 6l12 12M18 6L6 18",down:"M6 9.5l6 6 6-6",send:"M12 19V5.5M6 11l6-6 6 6",again:"M12 5v14M5 12h14",page:"M7 3.5h7l4 4v13H7zM14 3.5v4h4M10 12h5M10 15.5h5",out:"M9 6.5h8.5V15M17 7L7 17",up:"M8 11v8.5H4.5V11zM8 11l3.5-7c1.3 0 2.3 1 2.3 2.3V9.5h4.4c1.1 0 2 1 1.7 2.1l-1.4 6.3c-.2.9-1 1.6-2 1.6H8",person:"M12 12.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20c.9-3.2 3.9-5 7.5-5s6.6 1.8 7.5 5",check:"M5 12.5l4.5 4.5L19 7.5"};function d(a,t=""){let e=document.createElementNS(O,"svg");e.setAttribute("viewBox","0 0 24 24"),e.setAttribute("aria-hidden","true"),t&&e.setAttribute("class",t);let i=document.createElementNS(O,"path");return i.setAttribute("d",B[a]),e.append(i),e}function m(){let a=crypto.getRandomValues(new Uint8Array(16));return Array.from(a,t=>t.toString(16).padStart(2,"0")).join("")}function _(a){let t=[],e=a.text;for(let o of a.citations){let r=o.text?e.indexOf(o.text):-1;if(r<0)continue;let l=e.slice(0,r).trim();l&&t.push({text:l,g:null}),t.push({text:o.text,g:o}),e=e.slice(r+o.text.length)}e=e.trim();let i=t[t.length-1]?.g,n=i&&!e.includes(`
`)&&e.includes(i.title);return e&&!n&&t.push({text:e,g:null}),t}var W=/^\s*(\d{1,3})[.)]\s+(.+)$/,G=/^\s*[-*•]\s+(.+)$/,J=/^([^:;]{1,60}):\s+([^;]+)$/;function g(a){let t=[];for(let e of a.split(`
`)){let i=W.exec(e),n=G.exec(e),o=t[t.length-1];if(i){let r=o?.tagName==="OL"?o:s("ol",{start:i[1]});r.append(s("li",{},...M(i[2]))),r!==o&&t.push(r)}else if(n){let r=o?.tagName==="OL"?o.lastElementChild:null,l=r?r.lastElementChild:o,c=l?.tagName==="UL"?l:s("ul");if(c.append(s("li",{},...M(n[1]))),c===l)continue;r?r.append(c):t.push(c)}else e.trim()&&t.push(Y(e)??s("p",{},...M(e.trim())))}return t}function Y(a){let t=a.split(/;\s+/).map(e=>J.exec(e.trim()));return t.length<2||t.some(e=>!e)?null:s("dl",{},...t.map(e=>s("div",{},s("dt",{},e[1]),s("dd",{},e[2]))))}var Q=/(https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]])/;function M(a){return a.split(Q).map((t,e)=>e%2?y(t,t):t)}function y(a,t,e=location.href,...i){try{let n=new URL(a,e);return/^https?:$/.test(n.protocol)?s("a",{href:n.href,target:"_blank",rel:"noopener"},t,...i):t}catch{return t}}var x={names:`open
close
title
subtitle
greeting
log
placeholder
send
person
personMessage
withTeam
newChat
typing
you
bot
agent
showSource
hideSource
openArticle
choices
helpful
yes
no
thanks
sorry
handedOver
reference
next
emailLabel
emailInvalid
emailDone
emailMessage
failed
offline
wait
tooLong
retry
orWrite
historyFailed
withAgent
writing
sent
delivered
read
later`,de:`Chat öffnen
Chat schließen
Wie können wir helfen?
Antworten aus unserer Hilfe oder von einem Menschen
Hallo! Fragen Sie mich etwas. Ich antworte aus unserer Hilfe und zeige Ihnen, wo es steht.
Gespräch
Nachricht schreiben
Senden
Mit einem Menschen sprechen
Ich möchte mit einem Menschen sprechen.
Bei unserem Team: {reference}
Neues Gespräch beginnen
Ich sehe nach
Sie
Assistent
Support-Team
Quelle zeigen
Quelle ausblenden
Artikel öffnen
Auswahl
Hat das geholfen?
Ja, das hat geholfen
Nein, das hat nicht geholfen
Danke!
Das tut mir leid. Ein Mensch kann hier weiterhelfen.
Ihre Anfrage liegt bei unserem Team
Vorgang
So geht es weiter
Unter welcher E-Mail-Adresse erreichen wir Sie?
Bitte geben Sie eine Adresse wie anna@example.com ein.
Wir schreiben an {email}.
Sie erreichen mich unter {email}.
Diese Nachricht wurde nicht gesendet.
Sie sind anscheinend offline. Diese Nachricht wurde nicht gesendet.
Das war viel auf einmal. Bitte versuchen Sie es in {seconds} Sekunden noch einmal.
Diese Nachricht ist zu lang. Bitte kürzen Sie sie.
Noch einmal versuchen
Oder schreiben Sie uns: {email}
Frühere Nachrichten konnten nicht geladen werden.
Sie schreiben mit {name}
{name} schreibt
Gesendet
Zugestellt
Gelesen
Wird gesendet, sobald Sie online sind`,en:`Open chat
Close chat
How can we help?
Answers from our help centre, or a person
Hello! Ask me anything. I answer from our help centre and show you where I read it.
Conversation
Write a message
Send
Talk to a person
I would like to talk to a person.
With our team: {reference}
Start a new conversation
Looking it up
You
Assistant
Support team
Show source
Hide source
Open the article
Choices
Did this help?
Yes, it helped
No, it did not help
Thank you!
Sorry about that. A person can take it from here.
Your request is with our team
Reference
What happens next
Which email address can we reach you at?
Please enter an address such as ann@example.com.
We will write to {email}.
You can reach me at {email}.
This message was not sent.
You seem to be offline. This message was not sent.
That was a lot at once. Please try again in {seconds} seconds.
This message is too long. Please shorten it.
Try again
Or write to us at {email}
Earlier messages could not be loaded.
You are chatting with {name}
{name} is typing
Sent
Delivered
Read
Will be sent as soon as you are online`,es:`Abrir el chat
Cerrar el chat
¿En qué podemos ayudarte?
Respuestas de nuestro centro de ayuda o de una persona
¡Hola! Pregúntame lo que quieras. Respondo con nuestro centro de ayuda y te muestro dónde lo he leído.
Conversación
Escribe un mensaje
Enviar
Hablar con una persona
Quiero hablar con una persona.
Con nuestro equipo: {reference}
Empezar otra conversación
Lo estoy buscando
Tú
Asistente
Equipo de atención
Ver la fuente
Ocultar la fuente
Abrir el artículo
Opciones
¿Te ha servido?
Sí, me ha servido
No, no me ha servido
¡Gracias!
Lo siento. Una persona puede seguir desde aquí.
Nuestro equipo tiene tu consulta
Referencia
Qué pasa ahora
¿En qué correo electrónico podemos escribirte?
Escribe una dirección como ana@example.com.
Te escribiremos a {email}.
Podéis escribirme a {email}.
Este mensaje no se ha enviado.
Parece que no tienes conexión. Este mensaje no se ha enviado.
Han sido muchos mensajes a la vez. Inténtalo de nuevo en {seconds} segundos.
Este mensaje es demasiado largo. Acórtalo, por favor.
Intentar de nuevo
O escríbenos a {email}
No se han podido cargar los mensajes anteriores.
Está hablando con {name}
{name} está escribiendo
Enviado
Entregado
Leído
Se enviará en cuanto tenga conexión`,fr:`Ouvrir le chat
Fermer le chat
Comment pouvons-nous vous aider ?
Des réponses de notre centre d’aide ou d’une personne
Bonjour ! Posez-moi votre question. Je réponds avec notre centre d’aide et vous montre où je l’ai lu.
Conversation
Écrivez un message
Envoyer
Parler à une personne
Je voudrais parler à une personne.
Auprès de notre équipe : {reference}
Commencer une nouvelle conversation
Je cherche
Vous
Assistant
Équipe du support
Voir la source
Masquer la source
Ouvrir l’article
Choix
Est-ce que cela vous a aidé ?
Oui, cela m’a aidé
Non, cela ne m’a pas aidé
Merci !
Désolé. Une personne peut prendre le relais.
Notre équipe s’occupe de votre demande
Référence
Et maintenant
À quelle adresse e-mail pouvons-nous vous joindre ?
Veuillez saisir une adresse comme anne@example.com.
Nous vous écrirons à {email}.
Vous pouvez me joindre à {email}.
Ce message n’a pas été envoyé.
Vous semblez hors ligne. Ce message n’a pas été envoyé.
Cela fait beaucoup à la fois. Réessayez dans {seconds} secondes.
Ce message est trop long. Raccourcissez-le, s’il vous plaît.
Réessayer
Ou écrivez-nous : {email}
Les messages précédents n’ont pas pu être chargés.
Vous discutez avec {name}
{name} écrit
Envoyé
Remis
Lu
Sera envoyé dès que vous serez en ligne`};function P(a){let t=a.toLowerCase().split(/[-_]/)[0],e=(x[t]??x.en).split(`
`);return Object.fromEntries(x.names.split(`
`).map((i,n)=>[i,e[n]]))}function u(a,t){return a.replace(/\{(\w+)\}/g,(e,i)=>t[i]??"")}var w=class{constructor(t,e,i){this.t=t;this.config=e;this.E=i}d(t){return this.row("me",this.t.you,s("div",{class:"bubble",dir:"auto"},t))}agent(t,e){let i=s("div",{class:"bubble",dir:"auto"},...g(t));return e?s("div",{class:"row bot agent"},s("span",{class:"name",dir:"auto"},e),i):this.row("bot agent",this.t.agent,i)}note(t){return s("p",{class:"note",dir:"auto"},t)}says(t){return this.row("bot",this.t.bot,s("div",{class:"bubble",dir:"auto"},...g(t)))}article(t,e){let i=y(e,t,`${this.config.api||location.origin}/`,d("out"));return this.row("bot",this.t.openArticle,s("div",{class:"bubble goto",dir:"auto"},i))}typing(t=this.t.typing){let e=s("div",{class:"bubble dots",role:"img","aria-label":t});return e.append(s("i"),s("i"),s("i")),this.row("bot","",e)}reply(t,e,i){let n=this.row("bot",this.t.bot),o=new Set;for(let r of _(t))r.g?(o.add(r.g),n.append(this.quote(r.g))):n.append(s("div",{class:"bubble",dir:"auto"},...g(r.text)));for(let r of t.citations)o.has(r)||n.append(this.source(r));return i&&t.choices.length&&n.append(this.choices(t.choices)),e&&n.append(this.ce(e)),i&&t.kind==="answer"&&n.append(this.de(t.message_id)),n}choices(t){let e=t.map(i=>s("button",{type:"button",dir:"auto",click:()=>this.E.he(i)},i));return s("div",{class:"choices",role:"group","aria-label":this.t.choices},...e)}failed(t,e){let i=s("div",{class:"failed"},s("span",{},t));if(e&&i.append(s("button",{type:"button",click:e},this.t.retry)),this.config.contact){let[n="",o=""]=this.t.orWrite.split("{email}"),r=s("a",{href:`mailto:${encodeURI(this.config.contact)}`},this.config.contact);i.append(s("span",{class:"fallback"},n,r,o))}return i}row(t,e,...i){let n=e?s("span",{class:"sr"},`${e}: `):null;return s("div",{class:`row ${t}`},n,...i)}quote(t){let e=s("blockquote",{dir:"auto",lang:t.locale},...g(t.text));return s("div",{class:"quote"},e,this.source(t,e))}source(t,e=null){let i=`s${m()}`,n=s("span",{class:"do"},this.t.showSource),o=s("button",{type:"button",class:"toggle","aria-expanded":"false","aria-controls":i},d("page"),s("span",{class:"title",dir:"auto"},t.title),n,d("down","turn")),r=y(t.url,this.t.openArticle,`${this.config.api||location.origin}/`,d("out")),l=t.heading_path.length?s("p",{class:"path",dir:"auto"},t.heading_path.join(" › ")):null,c=e??s("blockquote",{dir:"auto",lang:t.locale},...g(t.text)),p=s("div",{class:"details",id:i,hidden:!0},l,e?null:c,s("p",{class:"goto"},r));return o.addEventListener("click",()=>{p.hidden=!p.hidden,c.classList.toggle("marked",!p.hidden),o.setAttribute("aria-expanded",String(!p.hidden)),n.textContent=p.hidden?this.t.showSource:this.t.hideSource}),s("div",{class:"source"},o,p)}de(t){let e=s("div",{class:"judge",role:"group","aria-label":this.t.helpful}),i=async o=>{try{await this.E.$(t,o)}catch{return}let r=s("span",{role:"status",tabindex:"-1"});e.replaceChildren(r),r.textContent=o?this.t.thanks:this.t.sorry,o||e.append(s("button",{type:"button",class:"textual",click:()=>this.E.person()},this.t.person)),r.focus({preventScroll:!0})},n=(o,r)=>s("button",{type:"button","aria-label":r,title:r,click:()=>{i(o)}},d("up",o?"":"over"));return e.append(s("span",{"aria-hidden":"true"},this.t.helpful),n(!0,this.t.yes),n(!1,this.t.no)),e}ce(t){let e=s("div",{class:"ticket"},s("p",{class:"head"},d("check"),this.t.handedOver),s("dl",{},s("div",{},s("dt",{},this.t.reference),s("dd",{},s("code",{},t.reference)))));return t.next_step&&e.append(s("p",{class:"next",dir:"auto"},s("strong",{},this.t.next),s("br"),t.next_step)),t.contact_known||e.append(this.pe()),e}pe(){let t=`e${m()}`,e=s("input",{id:t,type:"email",autocomplete:"email",required:!0,maxlength:"254","aria-describedby":`${t}p`}),i=s("p",{id:`${t}p`,class:"problem",role:"alert"}),n=s("button",{type:"submit"},this.t.send),o=s("form",{novalidate:!0},s("label",{for:t},this.t.emailLabel),s("div",{class:"line"},e,n),i);return o.addEventListener("submit",async r=>{r.preventDefault();let l=e.value.trim(),c=l&&e.checkValidity()?"":this.t.emailInvalid;if(c||(n.disabled=!0,c=await this.E.contact(l),n.disabled=!1),i.textContent=c,e.setAttribute("aria-invalid",String(!!c)),c)return e.focus();let p=s("p",{class:"done",tabindex:"-1"},u(this.t.emailDone,{email:l}));o.replaceWith(p),p.focus({preventScroll:!0})}),o}};function z(a,t){let e=[a.text,...a.choices];return t&&e.push(t.reference,t.next_step),e.filter(Boolean).join(". ")}var N=["api","locale","color","position","greeting","heading","starters","open","contact","dir"];function R(a,t){let e=o=>a.getAttribute(o)?.trim()??"",i=CSS.supports("color",e("color"))?e("color"):"",n=e("locale")||document.documentElement.lang||navigator.language;return{api:(e("api")||t).replace(/\/+$/,""),locale:/^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}$/.test(n)?n:"",color:i,ink:i&&X(a,i),position:e("position"),greeting:e("greeting"),heading:e("heading"),Q:e("starters").split("|").map(o=>o.trim()).filter(Boolean).slice(0,4),open:a.hasAttribute("open")&&e("open")!=="false",contact:e("contact")}}function X(a,t){a.style.color=t;let e=getComputedStyle(a).color.match(/[\d.]+/g)??[];a.style.removeProperty("color");let[i=0,n=0,o=0]=e.slice(0,3).map(r=>{let l=Number(r)/255;return l<=.04045?l/12.92:((l+.055)/1.055)**2.4});return .2126*i+.7152*n+.0722*o>.179?"#000":"#fff"}var k=class{constructor(t){this.key=t;this.conversation="";this.pending=null;this.unsent=[];this.people=!1;try{let e=JSON.parse(localStorage.getItem(t)??"null");e&&Date.now()-e.at<864e5&&(this.conversation=String(e.conversation??""),this.pending=e.pending?.message&&e.pending.client_id?e.pending:null,this.unsent=e.unsent??[],this.people=!!e.people)}catch{}}save(){let{conversation:t,pending:e,unsent:i,people:n}=this,o={conversation:t,pending:e,unsent:i,people:n,at:Date.now()};try{localStorage.setItem(this.key,JSON.stringify(o))}catch{}}clear(){this.conversation="",this.pending=null,this.unsent=[],this.people=!1;try{localStorage.removeItem(this.key)}catch{}}};var ee=4e3,te="(max-width: 30rem)",E=class{constructor(t,e,i,n){this.root=t;this.t=e;this.L=n;this.j=matchMedia(te);this.log=s("div",{class:"log",role:"log","aria-live":"off","aria-label":e.log,tabindex:"0"}),this.input=s("textarea",{rows:"1",maxlength:String(ee),placeholder:e.placeholder,"aria-label":e.placeholder,dir:"auto",enterkeyhint:"send"}),this.T=s("button",{type:"submit",class:"send","aria-label":e.send},d("send")),this.h=s("button",{type:"button",class:"launcher","aria-label":e.open,"aria-expanded":"false","aria-controls":"panel",click:()=>this.toggle()},d("chat","one"),d("down","two")),this.r=s("div",{class:"sr",role:"status","aria-live":"polite","aria-atomic":"true"}),this.S=s("div",{class:"foot"}),this.u=s("button",{type:"button","aria-label":e.newChat,title:e.newChat,hidden:!0,click:()=>n.u()},d("again"));let o=i.heading||e.title;this.l=s("section",{id:"panel",role:"dialog","aria-label":o,hidden:!0},s("div",{class:"top"},s("div",{},s("h2",{dir:"auto"},o),s("p",{},e.subtitle)),this.u,s("button",{type:"button","aria-label":e.close,title:e.close,click:()=>this.toggle(!1)},d("close"))),this.log,this.ue(),this.S),t.append(this.l,this.r,this.h),this.l.addEventListener("keydown",r=>this.me(r)),this.D()}get f(){return!this.l.hidden}toggle(t=!this.f,e=!0){t!==this.f&&(this.l.hidden=!t,this.h.setAttribute("aria-expanded",String(t)),this.h.setAttribute("aria-label",t?this.t.close:this.t.open),this.h.classList.remove("news"),this.root.host.toggleAttribute("opened",t),this.L.V(t),this.M(),e&&(t?this.input:this.h).focus({preventScroll:!0}))}add(t,e=t){this.log.append(t),this.show(e)}show(t){this.log.scrollTop=t.offsetTop-12}y(t){this.r.textContent=t,this.f||this.h.classList.add("news")}o(t){this.T.disabled=t,this.log.setAttribute("aria-busy",String(t))}focus(){this.f&&(matchMedia("(pointer: coarse)").matches?this.log:this.input).focus({preventScroll:!0})}draft(t){this.input.value=t}F(t){this.u.hidden=!t}D(){this.S.replaceChildren(s("button",{type:"button",class:"textual",click:()=>this.L.person()},d("person"),this.t.person))}Z(t){this.S.replaceChildren(s("p",{},d("person"),t))}X(t){window.visualViewport?.addEventListener("resize",()=>this.M(),{signal:t}),window.visualViewport?.addEventListener("scroll",()=>this.M(),{signal:t}),this.j.addEventListener("change",()=>this.M(),{signal:t})}M(){let t=window.visualViewport,e=this.f&&this.j.matches;this.l.setAttribute("aria-modal",String(e)),this.l.style.height=e&&t?`${t.height}px`:"",this.l.style.top=e&&t?`${t.offsetTop}px`:""}ue(){let t=s("form",{class:"composer"},this.input,this.T),e=()=>{this.input.style.height="auto",this.input.style.height=`${this.input.scrollHeight}px`};return this.input.addEventListener("input",()=>{e(),this.L.x()}),this.input.addEventListener("keydown",i=>{i.key!=="Enter"||i.shiftKey||i.isComposing||(i.preventDefault(),t.requestSubmit())}),t.addEventListener("submit",i=>{i.preventDefault();let n=this.input.value.trim();!n||this.T.disabled||(this.input.value="",e(),this.L.send(n))}),t}me(t){t.key==="Escape"?(t.stopPropagation(),this.toggle(!1)):t.key==="Tab"&&this.j.matches&&this.ge(t)}ge(t){let e=this.l.querySelectorAll("button:not(:disabled), a, textarea, input, [tabindex='0']"),i=Array.from(e).filter(o=>o.getClientRects().length),n=t.shiftKey?i[0]:i[i.length-1];this.root.activeElement===n&&(t.preventDefault(),(t.shiftKey?i[i.length-1]:i[0])?.focus())}};var I=':host{all:initial;--a: var(--tz-accent, #1d4f91);--ai: var(--tz-accent-ink, #fff);--paper: #fff;--wash: #f4f6f5;--bubble: #eef1ef;--ink: #1b211e;--soft: #5b655f;--line: #dadfdb;--edge: #868f89;--mark: #fff3cd;--bad: #a3261b;--good: #1c6b43;--shadow: 0 0 0 1px rgb(20 30 25 / .05), 0 4px 12px rgb(20 30 25 / .08), 0 20px 48px rgb(20 30 25 / .18);position:fixed;inset-block-end:1.25rem;inset-inline-end:1.25rem;z-index:2147483000;display:block;color:var(--ink);font:400 15px/1.5 system-ui,-apple-system,Segoe UI,Roboto,Noto Sans,Helvetica Neue,Arial,sans-serif}:host([position="left"]){inset-inline:auto;left:1.25rem}:host([position="right"]){inset-inline:auto;right:1.25rem}:host([position="start"]){inset-inline:1.25rem auto}@media(prefers-color-scheme:dark){:host{--paper: #171c1a;--wash: #222926;--bubble: #2a312d;--ink: #e9eeeb;--soft: #a6b1ab;--line: #39423d;--edge: #77827c;--mark: #40350f;--bad: #ff9c90;--good: #83d6a8;--shadow: 0 0 0 1px rgb(255 255 255 / .08), 0 20px 48px rgb(0 0 0 / .6)}}*,:before,:after{box-sizing:border-box}[hidden]{display:none!important}button,input,textarea{font:inherit;color:inherit;margin:0}button{cursor:pointer;background:none;border:0;padding:0}button:disabled{cursor:default}svg{width:1.35em;height:1.35em;flex:none;fill:none;stroke:currentColor;stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round}p,dl,dd,ol,ul,blockquote,h2{margin:0}a{color:inherit;text-underline-offset:.16em}:focus-visible{outline:2px solid var(--ink);outline-offset:2px}.sr{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}.launcher{position:relative;display:grid;place-items:center;width:60px;height:60px;margin-inline-start:auto;border-radius:50%;background:var(--a);color:var(--ai);box-shadow:0 2px 6px #141e1933,0 8px 24px #141e193d}:host([position="left"]) .launcher,:host([position="start"]) .launcher{margin-inline:0 auto}.launcher svg{width:28px;height:28px;grid-area:1 / 1}.launcher:focus-visible{outline-offset:3px;outline-width:3px}.two,:host([opened]) .one{visibility:hidden}:host([opened]) .two{visibility:visible}.launcher.news:after{content:"";position:absolute;top:2px;inset-inline-end:2px;width:14px;height:14px;border-radius:50%;background:#d93a2b;border:2px solid var(--paper)}section{position:absolute;bottom:76px;inset-inline-end:0;display:flex;flex-direction:column;width:min(25rem,calc(100vw - 2.5rem));height:min(41rem,calc(100vh - 8rem));height:min(41rem,calc(100dvh - 8rem));background:var(--paper);border-radius:18px;box-shadow:var(--shadow);overflow:hidden}:host([position="left"]) section{inset-inline:auto;left:0}:host([position="right"]) section{inset-inline:auto;right:0}:host([position="start"]) section{inset-inline:0 auto}.top{display:flex;align-items:flex-start;gap:.2rem;padding:1.1rem 1rem 1rem 1.25rem;padding-inline:1.25rem .85rem;background:var(--a);color:var(--ai)}.top div{flex:1;min-width:0}h2{font-size:1.13rem;line-height:1.3;font-weight:650;overflow-wrap:anywhere}.top p{font-size:.87rem;line-height:1.4;margin-top:.1rem}.top button{display:grid;place-items:center;width:2.4rem;height:2.4rem;border-radius:50%;margin-top:-.35rem}.top button:hover{background:color-mix(in srgb,currentColor 16%,transparent)}.top :focus-visible{outline-color:currentColor;outline-offset:-2px}.log{position:relative;flex:1;overflow:hidden auto;overscroll-behavior:contain;padding:1.1rem 1rem .6rem}.log:focus-visible{outline-offset:-3px}.row{display:flex;flex-direction:column;align-items:flex-start;gap:.5rem;margin-bottom:1rem;padding-inline-end:1.75rem;overflow-wrap:anywhere}.row.me{align-items:flex-end;padding-inline:3rem 0}.bubble{max-width:100%;padding:.6rem .9rem;border-radius:16px;border-end-start-radius:5px;background:var(--bubble)}.me .bubble{background:var(--a);color:var(--ai);border-radius:16px;border-end-end-radius:5px;white-space:pre-wrap}.agent .bubble{background:var(--paper);box-shadow:inset 0 0 0 1px var(--line)}.name,.note,.mark{color:var(--soft);font-size:.87rem}.name{margin-bottom:-.3rem;padding-inline-start:.3rem}.note{margin:0 0 1rem;padding-inline:1rem;text-align:center;overflow-wrap:anywhere}.mark{margin:-.75rem .3rem 1rem;text-align:end}.bubble>*+*,blockquote>*+*{margin-top:.5rem}ol,ul{padding-inline-start:1.5em}li+li{margin-top:.35rem}li::marker{color:var(--soft);font-weight:600;font-variant-numeric:tabular-nums}.quote,.source,.ticket{width:100%;background:var(--paper);border:1px solid var(--line);border-radius:14px;overflow:hidden}.quote .source{border:0;border-top:1px solid var(--line);border-radius:0}blockquote{padding:.85rem 1rem;border-inline-start:4px solid var(--a)}.marked{background:var(--mark)}.details blockquote{margin:.3rem -.95rem 0}dl div{display:flex;gap:1rem;justify-content:space-between;padding-block:.22rem}dl div+div{border-top:1px solid var(--line)}dt{color:var(--soft)}dd{font-weight:600;text-align:end;font-variant-numeric:tabular-nums}.toggle{display:flex;align-items:center;gap:.5rem;width:100%;min-height:2.75rem;padding:.5rem .8rem;text-align:start;font-size:.87rem;line-height:1.35;color:var(--soft)}.toggle:hover{background:var(--wash);color:var(--ink)}.toggle:focus-visible{outline-offset:-3px;border-radius:14px}.toggle svg{width:1.25em;height:1.25em}.title{flex:1;min-width:0;color:var(--ink);font-weight:550}.do{flex:none}[aria-expanded=true]>.turn{transform:rotate(180deg)}.details{padding:.1rem .95rem .9rem;font-size:.9rem}.path{color:var(--soft);margin-bottom:.4rem}.goto{margin-top:.6rem}.goto a{display:inline-flex;align-items:center;gap:.25rem;font-weight:600}.choices{display:flex;flex-direction:column;align-items:flex-start;gap:.45rem;max-width:100%}.choices button{padding:.5rem .95rem;border:1px solid var(--edge);border-radius:20px;background:var(--paper);text-align:start;font-weight:550}.choices button:hover{background:var(--bubble);border-color:var(--ink)}.judge{display:flex;flex-wrap:wrap;align-items:center;gap:.15rem .3rem;min-height:2rem;padding-inline-start:.3rem;font-size:.87rem;color:var(--soft)}.judge button:not(.textual){display:grid;place-items:center;width:2rem;height:2rem;border-radius:50%}.judge button:hover{color:var(--ink);background:var(--bubble)}.judge span:focus{outline:none}.over{transform:rotate(180deg)}.ticket{padding:.95rem 1rem}.head{display:flex;gap:.5rem;align-items:center;font-weight:650;margin-bottom:.5rem}.head svg{color:var(--good);stroke-width:2.4}.ticket dl{font-size:.93rem}code{font:600 .95em/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,DejaVu Sans Mono,monospace}.next{margin-top:.6rem;padding-top:.6rem;border-top:1px solid var(--line);font-size:.93rem}.ticket form,.done{margin-top:.8rem;padding-top:.8rem;border-top:1px solid var(--line);font-size:.93rem}.done{font-weight:600}.done:focus{outline:none}label{display:block;font-weight:600;margin-bottom:.4rem}.line{display:flex;gap:.5rem}.line input{flex:1;min-width:0;padding:.5rem .7rem;font-size:16px;border:1px solid var(--edge);border-radius:10px;background:var(--paper)}.line button{padding:.5rem 1rem;border-radius:10px;background:var(--a);color:var(--ai);font-weight:600}.problem{color:var(--bad);margin-top:.4rem}.problem:empty{display:none}[aria-invalid=true]{border-color:var(--bad)!important}.failed{display:flex;flex-direction:column;align-items:flex-end;gap:.35rem;margin:-.5rem 0 1rem;font-size:.9rem;color:var(--bad);text-align:end}.failed button{color:var(--ink);font-weight:600;padding:.35rem .9rem;border:1px solid var(--edge);border-radius:18px;background:var(--paper)}.fallback{color:var(--soft)}.dots{display:flex;gap:.3rem;padding:.95rem 1rem}.dots i{width:7px;height:7px;border-radius:50%;background:var(--soft)}.composer{display:flex;align-items:flex-end;gap:.5rem;margin:.7rem .8rem 0;padding:.3rem;padding-inline-start:1rem;border:1px solid var(--edge);border-radius:24px;background:var(--paper)}.composer:focus-within{border-color:var(--ink);box-shadow:0 0 0 1px var(--ink)}textarea{flex:1;min-width:0;max-height:8.5rem;padding:.4rem 0;border:0;background:none;resize:none;font-size:16px;line-height:1.4}textarea:focus{outline:none}::placeholder{color:var(--soft);opacity:1}.send{display:grid;place-items:center;width:2.3rem;height:2.3rem;border-radius:50%;background:var(--a);color:var(--ai)}.send:disabled{opacity:.45}.foot{display:flex;justify-content:center;padding:.35rem .8rem .55rem;font-size:.87rem;color:var(--soft)}.foot p,.textual{display:inline-flex;align-items:center;gap:.35rem;min-height:2rem;padding-inline:.6rem;border-radius:8px}.textual{font-weight:600;color:var(--ink);text-decoration:underline transparent;text-underline-offset:.2em}.textual:hover{text-decoration-color:currentColor}@media(max-width:30rem){section{position:fixed;inset:0!important;width:auto;height:100dvh;border-radius:0;box-shadow:none}.top{padding-top:calc(1.1rem + env(safe-area-inset-top))}.foot{padding-bottom:calc(.55rem + env(safe-area-inset-bottom))}:host([opened]) .launcher{display:none}}@media(prefers-reduced-motion:no-preference){.log{scroll-behavior:smooth}section{animation:rise .22s cubic-bezier(.2,.8,.2,1)}.row{animation:rise .2s ease-out}.launcher,.turn{transition:transform .18s}.launcher:hover{transform:scale(1.05)}.dots i{animation:beat 1.2s infinite}.dots i:nth-child(2){animation-delay:.15s}.dots i:nth-child(3){animation-delay:.3s}}@keyframes rise{0%{opacity:0;transform:translateY(10px)}}@keyframes beat{0%,60%,to{opacity:.35}30%{opacity:1;transform:translateY(-3px)}}@media(forced-colors:active){section,.bubble,.launcher,.send,.line button{border:1px solid CanvasText}.dots i{background:CanvasText}.launcher,.send{color:ButtonText}}@media print{:host{display:none}}';var ne=45e3,q=15e3,oe=4e3,se=1e4,re=3,ae=4404,le=4408,ce=4429,T=class{constructor(t,e,i,n){this.base=t;this.api=e;this.c=i;this.ie=n;this.a=null;this.conversation="";this.next=0;this.w=0;this.read=0;this.A=0;this.K=0;this.U=0;addEventListener("online",()=>this.v()),document.addEventListener("visibilitychange",()=>this.v())}C(t,e=0){if(t===this.conversation)return this.v();this.stop(),this.conversation=t,this.next=e,this.H()}stop(){this.conversation="",this.next=this.read=this.w=0,clearTimeout(this.A),this.a?.close(),this.a=null}v(){this.conversation&&(this.a||this.H(),this.ee())}x(){Date.now()-this.U<3e3||(this.U=Date.now(),this.te({type:"typing",on:!0}))}fe(){this.U=0}ee(){this.ie()&&(this.read=this.next),this.next&&this.te({type:"seen",delivered:this.next,read:this.read})}te(t){this.a?.readyState===1&&this.a.send(JSON.stringify(t))}H(){if(clearTimeout(this.A),!this.c.people())return this.later(0);let t=new URL(`${this.base}/chat/${this.conversation}/live?after=${this.next}`,location.href);t.protocol=t.protocol.replace("http","ws");let e;try{e=new WebSocket(t)}catch{return this.later(0)}this.a=e,e.onopen=()=>{this.w=0,this.ne(),this.c.back()},e.onmessage=i=>{this.ne(),this.O(JSON.parse(i.data))},e.onclose=i=>{e===this.a&&(this.a=null,clearTimeout(this.K),i.code!==ae&&i.code!==le&&this.later(i.code))}}ne(){clearTimeout(this.K),this.K=setTimeout(()=>{let t=this.a;this.a=null,t?.close(),this.later(0)},ne)}later(t){clearTimeout(this.A);let e=!this.c.people(),i=e||this.w>re,n=e?se:i?oe:t===ce?2*q:Math.min(q,400*2**this.w++);this.A=setTimeout(()=>i?void this.ve():this.H(),n*(.75+Math.random()/2))}O(t){t.type==="state"&&this.c.state(t),!(t.type!=="message"||t.seq<this.next)&&(this.next=t.seq+1,this.c.message(t),this.ee())}async ve(){let{conversation:t}=this;if(this.c.people()&&this.w++%8===0)return this.H();try{if(!this.ie())return this.later(0);let e=await this.api.history(t);if(t!==this.conversation)return;e.messages.slice(this.next).forEach(i=>{this.next++,this.c.message(i)}),this.c.state({...e,ticket:e.ticket_reference,typing:!1,delivered:0,read:0}),this.c.back()}catch(e){if(e instanceof h&&e.status===404)return}this.later(0)}};var de=7e3,he=/people|agent|contact/,S=class{constructor(t){this.p=t;this.B=new Set;this.rows=new Map;this.oe=[];this.mark=s("p",{class:"mark"});this._=null;this.se=0;this.agent="";this.last=-1;this.state=null;this.W=!1;this.r=new T(t.base,t.api,{message:e=>this.O(e),state:e=>this.re(e),back:()=>{this.P()},people:()=>t.i.people},()=>t.e.f&&!document.hidden)}C(t,e,i=0){this.p.i.people=e,this.p.i.save(),this.r.C(t,i)}stop(){this.r.stop(),this.B.clear(),this.rows.clear(),this.re({state:"answering",agent:"",ticket:"",typing:!1,delivered:0,read:0}),this.last=-1,this.mark.remove()}v(){this.r.v()}x(){this.p.i.people&&this.r.x()}k(t){let e=this.B.size;return this.B.add(t).size>e}be(t,e,i){this.k(t.id),t.role==="customer"&&this.own(t.client_id,e,i)}ye(t){let{i:e,e:i,n}=this.p;if(!this.agent&&!e.unsent.length)return!1;let o={message:t,client_id:m()};return this.r.fe(),i.add(this.z(o,n.d(t))),e.unsent.push(o),e.save(),this.P(),!0}xe(){for(let t of this.p.i.unsent)this.p.e.add(this.z(t,this.p.n.d(t.message)));this.P()}we(){for(let t of this.oe.splice(0))this.O(t)}own(t,e,i){this.rows.set(t,e),i>this.last&&(this.last=i),this.N()}z(t,e){return this.rows.set(t.client_id,e),e}async P(){let{api:t,i:e,locale:i}=this.p;if(this.W)return;this.W=!0;let n="";for(;e.unsent.length&&!n;){let o=e.unsent[0];try{let r=await t.say(o,e.conversation,i);e.unsent.shift(),r.text&&this.k(r.message_id)&&this.p.ke(r)}catch(r){n=this.Ee(r,o)}e.save()}this.W=!1,this.N(n)}Ee(t,e){let{i,e:n,t:o}=this.p,r=t instanceof h?t.status:0;return r<400||r===429||r>=500||r===409?(setTimeout(()=>{this.P()},1e3*(t.Y||3)),o.later):(i.unsent.shift(),this.rows.get(e.client_id)?.append(s("div",{class:"failed"},r===413?o.tooLong:o.failed)),n.y(o.failed),"")}O(t){let{e,n:i}=this.p,n=t.client_id&&this.rows.get(t.client_id);if(t.role==="customer"&&n)return this.k(t.id),this.p.Te(t.client_id),this.own(t.client_id,n,t.seq??this.last+1);if(this.p.o()&&/customer|bot/.test(t.role))return void this.oe.push(t);if(!this.k(t.id))return;if(t.role==="customer"){let r=i.d(t.text);return e.add(r),this.own(t.client_id,r,t.seq??this.last+1)}this.type(!1);let o=t.role==="agent"?i.agent(t.text,t.author):t.reply?i.reply(t.reply,null,!1):i.note(t.text);e.add(o),e.y(t.author?`${t.author}: ${t.text}`:t.text),this.N()}re(t){let{e,i,t:n}=this.p;this.state=t,i.people=he.test(t.state),t.agent!==this.agent&&(this.agent=t.agent,this.agent?e.Z(u(n.withAgent,{name:this.agent})):this.p.Se(t.ticket),i.save()),this.type(t.typing),this.N()}type(t){clearTimeout(this.se),this._?.remove(),this._=null,t&&(this._=this.p.n.typing(u(this.p.t.writing,{name:this.agent})),this.p.e.add(this._),this.se=setTimeout(()=>this.type(!1),de))}N(t=""){let{i:e,e:i,t:n}=this.p,o=e.unsent[e.unsent.length-1],r=Array.from(i.log.querySelectorAll(".me")),l=o?this.rows.get(o.client_id):r[r.length-1];if(!l||!(o||this.agent))return this.mark.remove();let{read:c,delivered:p}=this.state;this.mark.textContent=o?t:c>this.last?n.read:p>this.last?n.delivered:n.sent,l.after(this.mark)}};var A="data-tierzero-topic",j=`[${A}]`,$=`${j}:not(a,button,input,select,textarea,summary)`;function D(a){return/^[^\s/?#]+(\/[^\s/?#]+)+$/.test(a)}function C(a,t){let e=o=>{let r=o.composedPath()[0],{key:l,ctrlKey:c,metaKey:p,shiftKey:U}=o,H=(l?/^(Enter| )$/.test(l)&&r.matches?.($):!(c||p||U))&&r.closest?.(j)?.getAttribute(A)?.trim();!H||o.defaultPrevented||(o.preventDefault(),a(H.slice(0,300)))};document.addEventListener("click",e,{signal:t}),document.addEventListener("keydown",e,{signal:t});let i=()=>document.querySelectorAll(`${$}:not([tabindex])`).forEach(o=>{o.setAttribute("tabindex","0"),o.setAttribute("role","button")});i();let n=new MutationObserver(i);n.observe(document,{childList:!0,subtree:!0,attributeFilter:[A]}),t.addEventListener("abort",()=>n.disconnect())}var f="tierzero-chat",V="";function F(a){V=a}var L=class extends HTMLElement{constructor(){super(...arguments);this.b=null;this.R=null;this.o=!1;this.ticket="";this.m=null}connectedCallback(){if(this.b=new AbortController,this.shadowRoot)return C(n=>{this.help(n)},this.b.signal),this.e.X(this.b.signal);let e=this.attachShadow({mode:"open",delegatesFocus:!1}),i=new CSSStyleSheet;i.replaceSync(I),e.adoptedStyleSheets=[i],this.config=R(this,V),this.t=P(this.config.locale),this.api=new b(this.config.api),this.i=new k(`tierzero:${this.config.api}`),this.dir||=document.documentElement.dir||getComputedStyle(document.body).direction,this.config.color&&(this.style.setProperty("--tz-accent",this.config.color),this.style.setProperty("--tz-accent-ink",this.config.ink)),this.n=new w(this.t,this.config,{he:n=>this.send(n),$:(n,o)=>this.api.$(n,o),person:()=>this.send(this.t.personMessage),contact:n=>this.Le(n)}),this.e=new E(e,this.t,this.config,{send:n=>this.send(n),person:()=>this.send(this.t.personMessage),u:()=>this.u(),V:n=>this.V(n),x:()=>this.s.x()}),this.s=new S({api:this.api,base:this.config.api,locale:this.config.locale,t:this.t,e:this.e,n:this.n,i:this.i,o:()=>this.o,ke:n=>this.ae(n,null),Se:n=>this.handedOver(n),Te:n=>{n!==this.i.pending?.client_id||this.o||(this.i.pending=null,this.i.save(),this.G())}}),this.e.X(this.b.signal),C(n=>{this.help(n)},this.b.signal),(this.config.open||this.Me())&&this.e.toggle(!0,!1),this.i.people&&(this.R??=this.I())}disconnectedCallback(){this.b?.abort()}open(e=""){this.e.toggle(!0),e&&this.send(e)}async help(e){this.e.toggle(!0),await(this.R??=this.I());let i=e;if(D(e))try{let{title:n,url:o}=await this.api.topic(e,this.config.locale);if(i=n,this.e.add(this.n.article(n,o)),this.i.people)return this.e.y(n)}catch{i=e.replace(/[/_-]+/g," ")}this.o?this.e.draft(i):this.send(i)}close(){this.e.toggle(!1)}V(e){try{sessionStorage.setItem("tierzero:open",e?"1":"")}catch{}e&&(this.R??=this.I()),this.s?.v()}Me(){try{return sessionStorage.getItem("tierzero:open")==="1"&&!matchMedia("(max-width: 30rem)").matches}catch{return!1}}le(){let e=this.n.says(this.config.greeting||this.t.greeting);this.config.Q.length&&!this.i.conversation&&e.append(this.n.choices(this.config.Q)),this.e.add(e)}async I(){this.le();let{conversation:e,pending:i}=this.i;if(e)try{this.Ae(await this.api.history(e))}catch(n){n instanceof h&&n.status===404?this.i.clear():this.J(this.t.historyFailed,null)}!this.i.pending||!i||(this.e.add(this.n.d(i.message)),this.J(this.t.failed,()=>{this.q(i)}))}Ae(e){let i=e.messages.filter(n=>n.reply?.kind==="handoff").pop();e.messages.forEach((n,o)=>{let r;if(n.role==="customer")r=this.n.d(n.text);else if(n.role==="agent")r=this.n.agent(n.text,n.author);else if(!n.reply)r=this.n.note(n.text);else{let l=n===i&&e.ticket_reference?{reference:e.ticket_reference,next_step:"",contact_known:e.contact_known}:null;r=this.n.reply(n.reply,l,!1)}this.e.add(r),this.s.be(n,r,o),this.i.unsent=this.i.unsent.filter(l=>l.client_id!==n.client_id),n.client_id&&n.client_id===this.i.pending?.client_id&&(this.i.pending=null)}),this.i.save(),this.e.F(e.messages.length>0),e.ticket_reference&&this.handedOver(e.ticket_reference),this.s.xe(),this.s.C(e.conversation_id,!!e.ticket_reference,e.messages.length)}send(e){if(this.o||this.s.ye(e))return;this.o=!0;let i={message:e,client_id:m()};(this.R??=this.I()).then(()=>{this.G();let n=this.s.z(i,this.n.d(e));return this.e.add(n),this.q(i,n)})}async Le(e){if(this.o)return this.t.failed;let i=u(this.t.emailMessage,{email:e});return this.o=!0,this.G(),await this.q({message:i,client_id:m(),contact:e},null)}async q(e,i=null){this.o=!0,this.m?.remove(),this.e.o(!0),this.e.F(!0);for(let o of Array.from(this.e.log.querySelectorAll(".choices")))o.contains(this.shadowRoot.activeElement)&&this.e.focus(),o.remove();e.contact||(this.i.pending=e,this.i.save());let n=this.n.typing();this.e.add(n);try{let o=await this.Ce(e);return n.remove(),this.He(o,e,i),""}catch(o){return n.remove(),this.Oe(o instanceof h?o:new h(0,String(o)),e)}finally{this.o=!1,this.e.o(!1),this.s.we()}}async Ce(e){let i=()=>this.api.say(e,this.i.conversation,this.config.locale);try{return await i()}catch(n){if(!(n instanceof h))throw n;if(n.status===404&&this.i.conversation)this.i.conversation="";else if(n.status!==409)throw n;return i()}}He(e,i,n){this.i.conversation=e.conversation_id,this.i.pending=null,this.i.save(),i.contact&&this.e.add(n=this.s.z(i,this.n.d(i.message))),e.text&&this.s.k(e.message_id)&&this.ae(e,n),this.s.C(e.conversation_id,!!e.ticket)}ae(e,i){let o=e.ticket!==null&&e.ticket.reference!==this.ticket?e.ticket:null,r=this.n.reply(e,o,!0);this.e.add(r,i??r),this.e.y(z(e,o)),e.ticket&&this.handedOver(e.ticket.reference)}handedOver(e){this.ticket=e,e?this.e.Z(u(this.t.withTeam,{reference:e})):this.e.D()}Oe(e,i){let n=e.status===413||e.status===422,o=String(e.Y||5),r=e.status===413?this.t.tooLong:e.status===429?u(this.t.wait,{seconds:o}):navigator.onLine?this.t.failed:this.t.offline;return i.contact?e.status===422?this.t.emailInvalid:r:(n&&(this.i.pending=null,this.i.save()),this.J(r,n?null:()=>{this.q(i)}),r)}J(e,i){this.m?.remove(),this.m=this.n.failed(e,i&&(()=>{this.e.focus(),i()})),this.e.add(this.m),this.e.y(e)}G(){this.m?.remove(),this.m=null}u(){this.o||(this.i.clear(),this.ticket="",this.s.stop(),this.m=null,this.e.log.replaceChildren(),this.e.F(!1),this.e.D(),this.le(),this.e.focus())}};var v=document.currentScript??document.querySelector("script[data-tierzero]");v?.src&&F(new URL(v.src).origin);customElements.get(f)||customElements.define(f,L);function K(a){if(document.querySelector(f))return;let t={};for(let e of N){let i=a.getAttribute(`data-${e}`);i!==null&&(t[e]=i)}document.body.append(s(f,t))}v?.hasAttribute("data-tierzero")&&(document.body?K(v):addEventListener("DOMContentLoaded",()=>K(v)));})();
