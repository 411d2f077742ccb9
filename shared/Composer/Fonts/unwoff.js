// Unpacks a WOFF 1 file to the TrueType file it wraps: same tables, same bytes.
const fs=require('fs'),z=require('zlib');const [,,src,dst]=process.argv;const b=fs.readFileSync(src);
if(b.readUInt32BE(0)!==0x774F4646)throw Error('not woff');const flavor=b.readUInt32BE(4),n=b.readUInt16BE(12);
let t=[];for(let i=0;i<n;i++){const o=44+20*i;const off=b.readUInt32BE(o+4),cl=b.readUInt32BE(o+8),ol=b.readUInt32BE(o+12);let d=b.subarray(off,off+cl);if(cl<ol)d=z.inflateSync(d);if(d.length!==ol)throw Error('len');t.push({tag:b.readUInt32BE(o),sum:b.readUInt32BE(o+16),d});}
t.sort((a,b)=>a.tag-b.tag);let p=1,l=0;while(p*2<=n){p*=2;l++;}let h=Buffer.alloc(12+16*n);h.writeUInt32BE(flavor,0);h.writeUInt16BE(n,4);h.writeUInt16BE(p*16,6);h.writeUInt16BE(l,8);h.writeUInt16BE(n*16-p*16,10);
let off=h.length,parts=[h];t.forEach((e,i)=>{h.writeUInt32BE(e.tag,12+16*i);h.writeUInt32BE(e.sum,16+16*i);h.writeUInt32BE(off,20+16*i);h.writeUInt32BE(e.d.length,24+16*i);const pad=(4-e.d.length%4)%4;parts.push(e.d,Buffer.alloc(pad));off+=e.d.length+pad;});
fs.writeFileSync(dst,Buffer.concat(parts));
