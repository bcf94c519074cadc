/** jose and nothing else: what checking a token's signature costs, every time anew. */
import { generateKeyPair, jwtVerify, SignJWT } from "jose";

const count = Number(process.env.COUNT ?? "1000");

async function cost(
  alg: string,
  sign: Parameters<SignJWT["sign"]>[0],
  verify: Parameters<typeof jwtVerify>[1],
) {
  const claims = { userId: "000000000000000000000001", role: "student", tokensFrom: 0 };
  const token = await new SignJWT(claims).setProtectedHeader({ alg }).setExpirationTime("1h").sign(sign);
  await jwtVerify(token, verify, { algorithms: [alg] });
  const began = process.cpuUsage();
  for (let n = 0; n < count; n++) await jwtVerify(token, verify, { algorithms: [alg] });
  const { user, system } = process.cpuUsage(began);
  return (user + system) / count;
}

const secret = new TextEncoder().encode("s".repeat(40));
const { privateKey, publicKey } = await generateKeyPair("RS256");
console.log(
  JSON.stringify({
    hs256Us: await cost("HS256", secret, secret),
    rs256Us: await cost("RS256", privateKey, publicKey),
  }),
);
